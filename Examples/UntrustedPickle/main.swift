// Reads pickles of which nobody knows who made them. Nothing that they name is run.

import Foundation
import PickleCodec

/// What an honest file holds.
struct Settings: Decodable {
    var name: String
    var limits: [Int]
}

var decoder = PickleDecoder()
decoder.readingOptions = PickleReadingOptions(maximumByteCount: 1 << 20, maximumObjectCount: 10_000)
decoder.maximumDepth = 20
decoder.maximumValueCount = 100_000

for path in CommandLine.arguments.dropFirst() {
    print(URL(fileURLWithPath: path).lastPathComponent)
    do {
        let pickle = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let inspection = try PickleInspection(pickle, options: decoder.readingOptions)
        for global in inspection.globals {
            print("  \(global.isCalled ? "would call" : "names") \(global.name)")
        }
        let size = inspection.unfoldedCount == .max ? "more than can be counted" : "\(inspection.unfoldedCount)"
        print("  \(inspection.objectCount) objects, \(size) if nothing were shared")
        let settings = try decoder.decode(Settings.self, from: pickle)
        print("  settings: \(settings.name) \(settings.limits)")
    } catch let error as DecodingError {
        print("  refused, it holds something else: \(error.reason)")
    } catch {
        print("  refused: \(error)")
    }
}

extension DecodingError {
    /// What was expected and what was found, without the rest.
    var reason: String {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context.debugDescription
        @unknown default: "\(self)"
        }
    }
}
