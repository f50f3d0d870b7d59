import PickleCodec

/// One factory for each situation of the layers up to the segment, so that its words are found in one place.
extension RememoryError {
    static func invalidName(_ name: String, _ complaint: String) -> RememoryError {
        RememoryError(
            .invalidName,
            block: name,
            message: """
                the name can't be shared with Python: \(complaint). Use 1 to \(BlockName.maximumByteCount) bytes of \
                ASCII without "/"
                """
        )
    }

    @inline(never)
    static func closed(_ name: BlockName) -> RememoryError {
        RememoryError(
            .closed,
            block: name.description,
            message: "this handle was closed; open the block again to go on"
        )
    }

    static func lockTimeout(_ name: BlockName, after timeout: Duration, because reason: String) -> RememoryError {
        RememoryError(
            .lockTimeout,
            block: name.description,
            message: "waited \(timeout) for the lock. \(reason)"
        )
    }

    static func notHeld(_ name: BlockName) -> RememoryError {
        RememoryError(
            .notPermitted,
            block: name.description,
            message: "release() by a thread that doesn't have the lock. The thread that took it gives it back"
        )
    }

    static func vanished(_ name: BlockName) -> RememoryError {
        RememoryError(
            .vanished,
            block: name.description,
            message: """
                the block was removed: with unlink() by a Swift process, or its name was lost and it was opened with \
                nameLoss: .vanish. Open it again to make a new one
                """
        )
    }

    static func conflict(_ name: BlockName, ours: Int, theirs: Int) -> RememoryError {
        RememoryError(
            .conflict,
            block: name.description,
            message: """
                another segment has taken the name (\(theirs) bytes, with content of its own; ours has \(ours) bytes): \
                a process removed the segment and made it anew. Nothing was dropped. Close every handle of the block in \
                this process and open it again to go on with the new segment
                """
        )
    }

    static func valueTooLarge(_ name: BlockName, needed: Int, room: Int, remedy: String) -> RememoryError {
        RememoryError(
            .valueTooLarge,
            block: name.description,
            message: "the value needs \(needed) bytes, and there is room for \(room). \(remedy)"
        )
    }

    static func width(_ name: BlockName, expected: String, bytes: Int, found: Int) -> RememoryError {
        RememoryError(
            .typeMismatch,
            block: name.description,
            message: """
                opened as \(expected), which is a segment of \(bytes) bytes; found one of \(found) bytes. It is a block \
                of another type or width: open it as what its creator takes it for, or choose another name
                """
        )
    }

    static func overflow(_ name: BlockName, value: String, format: String, range: String) -> RememoryError {
        RememoryError(
            .overflow,
            block: name.description,
            message: """
                \(value) doesn't fit: the block is \(format) (\(range)) and stays as it was. Use a wider format, the \
                same in every process
                """
        )
    }

    static func invalidText(_ name: BlockName, validBytes: Int, of count: Int) -> RememoryError {
        RememoryError(
            .corruptContent,
            block: name.description,
            message: """
                \(count) bytes that should be UTF-8 are so only up to byte \(validBytes): Python cuts strings that are too \
                long in the middle of a character. Open it with invalidText: .validPart to read the rest of it
                """
        )
    }

    static func unreadable(_ name: BlockName, _ error: PickleError) -> RememoryError {
        RememoryError(
            error.code == .limitExceeded ? .unsupported : .corruptContent,
            block: name.description,
            message: """
                the content can't be read as a pickle: \(error). It stays as it was. If it is not worth keeping, set a \
                new value
                """
        )
    }

    @usableFromInline
    static func noIntFormat(_ name: String, _ type: String) -> RememoryError {
        RememoryError(
            .unsupported,
            block: name,
            message: "no format holds exactly the values of \(type). Say which to use, as in format: .int64"
        )
    }

    static func notInitialised(_ name: BlockName) -> RememoryError {
        RememoryError(
            .corruptContent,
            block: name.description,
            message: """
                its segment has size 0 and stays so: its creator was stopped between creating it and giving it a size. \
                Remove /dev/shm/\(name) and open the block again
                """
        )
    }

    static func foreign(_ name: BlockName, path: String, what: String) -> RememoryError {
        RememoryError(
            .notPermitted,
            block: name.description,
            message: "\(path) is refused: \(what)"
        )
    }

    /// A system call that failed.
    static func system(_ failure: SystemFailure, _ name: BlockName) -> RememoryError {
        system(failure, listed: name.description)
    }

    /// A system call that failed, on something whose name need not be a block's.
    static func system(_ failure: SystemFailure, listed name: String) -> RememoryError {
        let (code, remedy): (Code, String) =
            switch failure.reason {
            case .noRoom: (.noRoom, "Make room in /dev/shm, or raise the limit on file sizes")
            case .noDescriptors: (.noRoom, "Raise the limit on open files (ulimit -n), or close blocks")
            case .noMemory: (.noRoom, "Free memory, or raise this process's limit")
            case .notPermitted: (.notPermitted, "Check who owns it and its mode (ls -l /dev/shm)")
            case .symbolicLink: (.notPermitted, "It is a symbolic link, and those are never followed in /dev/shm")
            case .other: (.system, "See the manual page of the call")
            }
        return RememoryError(
            code,
            block: name,
            message: "\(failure). \(remedy)",
            systemErrorNumber: failure.number
        )
    }
}
