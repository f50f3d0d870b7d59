#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A system call that failed: which one, on what, and why.
struct SystemFailure: Error, CustomStringConvertible {
    /// The reasons that callers act upon.
    enum Reason {
        case noRoom, noDescriptors, noMemory, notPermitted, symbolicLink, other
    }

    let call: StaticString
    let path: String
    let number: Int32

    init(_ call: StaticString, _ path: String, number: Int32 = errno) {
        self.call = call
        self.path = path
        self.number = number
    }

    var reason: Reason {
        switch number {
        case ENOSPC, EFBIG, EDQUOT: .noRoom
        case EMFILE, ENFILE: .noDescriptors
        case ENOMEM: .noMemory
        case EACCES, EPERM: .notPermitted
        case ELOOP: .symbolicLink
        default: .other
        }
    }

    var isMissing: Bool { number == ENOENT }
    var isBusy: Bool { number == EAGAIN }
    var isTaken: Bool { number == EEXIST }
    /// The path stands for another file than expected.
    var isStale: Bool { number == ESTALE }

    var description: String {
        let words = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        return "\(call)(\(path)) failed: \(words) (errno \(number))"
    }
}

/// Runs a call that answers −1 and leaves the reason in `errno`; again when a signal interrupted it.
@discardableResult
func retrying<Number: SignedInteger>(
    _ call: StaticString,
    _ path: String,
    _ body: () -> Number
) throws(SystemFailure) -> Number {
    while true {
        let result = body()
        if result != -1 { return result }
        let number = errno
        if number != EINTR { throw SystemFailure(call, path, number: number) }
    }
}
