import PeerProtocol
import PickleCodec
import Rememory

/// A change of any block.
struct BlockChange: Sendable {
    enum Action: String, Sendable {
        case inserted, changed, removed
    }

    let action: Action
    /// The key of a dict or the index of a list.
    let key: PickleValue?
    let old: PickleValue?
    let new: PickleValue?

    /// Whether it is of the entry that a part of a path leads to.
    func isOf(_ part: ValuePath.Part) throws -> Bool {
        guard let key else { return true }
        if key.kind == .integer, case .name(let name) = part, let index = Int(name), key.int == index { return true }
        return key == part.key
    }
}

extension BlockChange {
    init(_ change: SharedDict.Change) {
        switch change {
        case .inserted(let key, let value): self.init(action: .inserted, key: key, old: nil, new: value)
        case .changed(let key, let old, let new): self.init(action: .changed, key: key, old: old, new: new)
        case .removed(let key, let value): self.init(action: .removed, key: key, old: value, new: nil)
        }
    }

    init(_ change: SharedList.Change) {
        switch change {
        case .inserted(let index, let item): self.init(action: .inserted, key: PickleValue(index), old: nil, new: item)
        case .changed(let index, let old, let new):
            self.init(action: .changed, key: PickleValue(index), old: old, new: new)
        case .removed(let index, let item): self.init(action: .removed, key: PickleValue(index), old: item, new: nil)
        }
    }
}
