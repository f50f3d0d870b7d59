import Foundation

extension Stage {
    /// Waits until something holds that others bring about in their own time.
    func expectSoon(_ what: String, _ condition: () throws -> Bool) throws {
        let deadline = Date(timeIntervalSinceNow: 15)
        while try !condition() {
            guard Date() < deadline else { throw CheckFailure("after 15 seconds it does not hold that \(what)") }
            Thread.sleep(forTimeInterval: 0.002)
        }
    }

    /// Waits for a moment that the seed decides.
    func pause(upTo seconds: TimeInterval) {
        Thread.sleep(forTimeInterval: .random(in: 0...seconds, using: &random))
    }
}
