import Foundation

/// Files that are read whole.
enum InputFile {
    /// The bytes of a file; of standard input where the path is `-`.
    static func bytes(_ path: String) throws(Failure) -> [UInt8] {
        do {
            if path == "-" { return [UInt8](try FileHandle.standardInput.readToEnd() ?? Data()) }
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw Failure.file(path, error)
        }
    }
}
