import Foundation

/// The folder that an environment is made in: one thread of one process has it at a time, for as long as this lives.
///
/// The lock is on the folder itself, and goes with it where that is moved to. A process that is killed leaves the folder,
/// and not the lock.
struct EnvironmentDraft: ~Copyable {
    let folder: URL
    private let descriptor: Int32

    /// Waits until nobody else has it.
    init(of environment: URL) throws(SetupFailure) {
        folder = environment.deletingLastPathComponent()
            .appendingPathComponent("\(environment.lastPathComponent).draft")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        descriptor = unsafe open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw SetupFailure("\(folder.path) can't be made: \(reason)", remedy: "make \(folder.path) writable")
        }
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    }

    deinit { close(descriptor) }

    /// Whether it still has its name: not if who had it before was done with it.
    var isInPlace: Bool {
        var (ours, named) = (stat(), stat())
        guard unsafe fstat(descriptor, &ours) == 0, unsafe stat(folder.path, &named) == 0 else { return false }
        return ours.st_ino == named.st_ino && ours.st_dev == named.st_dev
    }
}
