import Foundation

/// A pipe of which a child gets one end, and no other child any, as long as none is started meanwhile.
///
/// (What Foundation's `Pipe` opens is handed down to every program that is started otherwise than by its `Process`, and
/// then never ends.)
struct ChildPipe: Sendable {
    let reading: FileHandle
    let writing: FileHandle

    init() {
        let pipe = Pipe()
        reading = pipe.fileHandleForReading
        writing = pipe.fileHandleForWriting
        for end in [reading, writing] { _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC) }
    }
}
