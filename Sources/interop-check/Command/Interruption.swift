import Foundation

/// While it lives, Ctrl-C and SIGTERM end the run's processes and remove its blocks before the program ends.
final class Interruption {
    private let sources: [any DispatchSourceSignal]

    init() {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                LineProcess.killAll()
                SharedMemory.remove(namesContaining: Troupe.runPrefix)
                FileHandle.standardError.write(Data("\ninterrupted\n".utf8))
                exit(128 + number)
            }
            source.resume()
            return source
        }
    }

    func cancel() {
        for source in sources { source.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}
