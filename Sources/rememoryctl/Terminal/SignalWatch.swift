import Foundation
import Synchronization

/// Handles signals, which don't end the program any more, until `end()`. One at a time.
///
/// The signal handler itself writes the number into a pipe, which is all that it may do; a thread reads it.
final class SignalWatch {
    private static let writingEnd = Atomic<Int32>(-1)

    private let numbers: [Int32]
    private let pipe = Pipe()

    /// - Parameter handler: Called on another thread, with the signal's number.
    init(_ numbers: [Int32], _ handler: @escaping @Sendable (Int32) -> Void) {
        self.numbers = numbers
        let reading = pipe.fileHandleForReading
        SignalWatch.writingEnd.store(pipe.fileHandleForWriting.fileDescriptor, ordering: .releasing)
        Thread.detachNewThread {
            while case let bytes = reading.availableData, !bytes.isEmpty {
                for byte in bytes { handler(Int32(byte)) }
            }
        }
        for number in numbers {
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = unsafe write(SignalWatch.writingEnd.load(ordering: .acquiring), &byte, 1)
            }
        }
    }

    /// Lets the signals do again what they do by themselves.
    func end() {
        for number in numbers { signal(number, SIG_DFL) }
        SignalWatch.writingEnd.store(-1, ordering: .releasing)
        try? pipe.fileHandleForWriting.close()
    }
}
