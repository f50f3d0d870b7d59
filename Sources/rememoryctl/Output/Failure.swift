import ArgumentParser
import Foundation
import PeerProtocol
import PickleCodec
import Rememory

/// Why a command could not do it, and what to do about that.
struct Failure: Error, CustomStringConvertible {
    /// What scripts can rely on.
    enum Status: Int32 {
        case missing = 1
        case usage = 2
        case lockTimeout = 3
        case unfit = 4
    }

    let status: Status
    let reason: String
    let remedy: String

    init(_ status: Status, _ reason: String, remedy: String) {
        self.status = status
        self.reason = reason
        self.remedy = remedy
    }

    var description: String { "\(reason). \(remedy)" }

    static func noBlock(_ name: String) -> Failure {
        Failure(
            .missing, "there is no block \"\(name)\" on this machine",
            remedy: "rememoryctl list shows those that there are; set --create --type TYPE makes one")
    }

    static func usage(_ reason: String, remedy: String) -> Failure { Failure(.usage, reason, remedy: remedy) }

    static func unfit(_ reason: String, remedy: String) -> Failure { Failure(.unfit, reason, remedy: remedy) }

    /// A file that can't be read or written.
    static func file(_ path: String, _ error: any Error) -> Failure {
        .usage("\(path): \((error as NSError).localizedDescription)", remedy: "Look at the path and its permissions")
    }

    /// Says on standard error what happened, unless it is nothing bad; the status to end with.
    static func report(_ error: any Error) -> Int32 {
        if let status = status(of: error) {
            Output.complain("rememoryctl: \(error)")
            return status.rawValue
        }
        if let exit = error as? ExitCode { return exit.rawValue }
        let code = RememoryCtl.exitCode(for: error)
        let text = RememoryCtl.fullMessage(for: error)
        guard code == .success else {
            Output.complain(text)
            return Status.usage.rawValue
        }
        if !text.isEmpty { print(text) }
        return 0
    }

    /// The status of an error that is ours or the libraries'; `nil` for what the argument parser throws.
    private static func status(of error: any Error) -> Status? {
        switch error {
        case let failure as Failure: failure.status
        case let error as RememoryError: status(of: error.code)
        case let error as PeerFailure: status(of: RememoryError.Code(rawValue: error.code))
        case is PickleError, is DecodingError, is EncodingError: .unfit
        case is CocoaError: .usage
        default: nil
        }
    }

    private static func status(of code: RememoryError.Code) -> Status {
        switch code {
        case .keyNotFound, .indexOutOfRange, .vanished: .missing
        case .lockTimeout: .lockTimeout
        case .invalidName, .notPermitted, .noRoom, .system: .usage
        default: .unfit
        }
    }
}
