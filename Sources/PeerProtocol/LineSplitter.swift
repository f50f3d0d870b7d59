package import Foundation

/// Cuts a stream of bytes into lines. For one thread at a time.
package final class LineSplitter: @unchecked Sendable {
    /// What has come and is no line yet; it contains no newline.
    private var rest = Data()

    package init() {}

    /// The lines that `data` completes, without their newlines.
    package func lines(adding data: Data) -> [Data] {
        var lines: [Data] = []
        var start = data.startIndex
        while let end = data[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(rest + data[start..<end])
            rest = Data()
            start = data.index(after: end)
        }
        rest.append(data[start...])
        return lines
    }

    /// The last line, where the stream ended without a newline.
    package func lastLine() -> Data? {
        rest.isEmpty ? nil : rest
    }
}
