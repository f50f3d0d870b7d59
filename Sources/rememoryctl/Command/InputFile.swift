import Foundation

/// Files that are read whole.
enum InputFile {
    /// The bytes of a file; of standard input where the path is `-`.
    static func bytes(_ path: String) throws(Failure) -> [UInt8] {
        do {
            let file = path == "-" ? .standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            return [UInt8](try file.readToEnd() ?? Data())
        } catch {
            throw Failure.file(path, error)
        }
    }
}
