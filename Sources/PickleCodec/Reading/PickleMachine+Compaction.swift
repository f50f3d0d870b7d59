extension PickleMachine {
    /// Takes out the gaps that moved blocks left, where they make the graph a large one.
    mutating func compact() {
        let size = cursor + extra.count + records.count * 8 + links.count * 4
        guard gaps > links.count / 8, size / 3 > cursor else { return }
        var packed = FlatBuffer<UInt32>(capacity: links.count, links.use)
        packed.append(0)
        for index in 3..<records.count {
            var record = GraphRecord(bits: records[index])
            guard !record.kind.isLeaf, record.payload != 0 else { continue }
            let block = record.payload
            let count = record.kind.isObject ? links.objectWordCount(at: block) : 1 + Int(links[block])
            record.payload = packed.count
            record.bits &= ~GraphRecord.roomy
            records[index] = record.bits
            unsafe packed.append(from: links.base + block, count: count)
        }
        links = packed
        gaps = 0
    }
}
