import PeerProtocol
import PickleCodec
import Rememory

extension OpenBlock {
    /// Replaces a damaged dict or list by what of it can be read beyond doubt; what was stored and what not, in words.
    func storeWhatCanBeRead() throws -> String {
        switch containers {
        case .dict(let dict):
            let salvage = try dict.salvage()
            try dict.replaceAll(with: salvage.entries)
            return OpenBlock.summary(salvage, "keys")
        case .list(let list):
            let salvage = try list.salvage()
            try list.replaceAll(with: salvage.entries)
            return OpenBlock.summary(salvage, "items")
        case nil:
            throw Failure.unfit(
                "a block of type \(kind) has no entries to be read one by one", remedy: "Set a new value")
        }
    }

    private static func summary<Entry>(_ salvage: Salvage<Entry>, _ what: String) -> String {
        let doubtful =
            salvage.doubtful.isEmpty ? "" : "; \(salvage.doubtful.count) more are doubtful and only in the file"
        let loss = salvage.loss.map { ". Missing: \($0)" } ?? ""
        return "stored \(salvage.entries.count) \(what)\(doubtful)\(loss)"
    }
}
