import PickleCodec

/// Where a part of a new program comes from.
enum Part {
    /// What stands in the content already: its extent, and its place among all nodes of the outermost container in
    /// program order.
    case kept(Extent, node: Int)
    /// New instructions.
    case new([UInt8])
}

extension Journal {
    /// A program that builds the container from parts, in this order; for a dict key and value by turns.
    ///
    /// Parts are copied one by one where they don't depend on each other. Where one uses what another memoized, the
    /// content is read as a graph and written from it, identity included.
    ///
    /// - Complexity: linear in the content.
    func program(of parts: [Part], _ access: borrowing SegmentAccess) throws(RememoryError) -> [UInt8] {
        if scanner.isEntangled { return try untangled(parts, access) }
        let bytes = source(access)
        return try Journal.program(of: parts, capacity: index.weight.liveBytes) {
            extent, program throws(RememoryError) in
            if scanner.needsNormalizing {
                try appendPlain(extent, bytes, to: &program)
            } else {
                bytes.append(extent.range, to: &program)
            }
        }
    }

    /// A program of nothing but new parts.
    static func program(ofNew parts: [[UInt8]]) -> [UInt8] {
        program(of: parts.map { .new($0) }, capacity: 0) { _, _ in }
    }

    private static func program<Failure: Error>(
        of parts: [Part], capacity: Int, keep: (Extent, inout [UInt8]) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8] {
        var program: [UInt8] = [Index.kind == .dict ? Opcode.emptyDict : Opcode.emptyList]
        if !parts.isEmpty {
            program.reserveCapacity(capacity + 64)
            program.append(Opcode.mark)
            var run: Extent?  // what is kept side by side is copied at once
            for part in parts {
                switch part {
                case .kept(let extent, _):
                    if let end = run?.upper, end == extent.lower {
                        run?.upper = extent.upper
                        continue
                    }
                    if let run { try keep(run, &program) }
                    run = extent
                case .new(let instructions):
                    if let kept = run { try keep(kept, &program) }
                    run = nil
                    program.append(contentsOf: instructions)
                }
            }
            if let run { try keep(run, &program) }
            program.append(Index.kind == .dict ? Opcode.setItems : Opcode.appends)
        }
        program.append(Opcode.stop)
        return program
    }

    private func appendPlain(
        _ extent: Extent, _ bytes: SegmentBytes, to program: inout [UInt8]
    ) throws(RememoryError) {
        if let text = bytes.stringPayload(whole: extent) {
            bytes.append(Int(extent.lower)..<text.upperBound, to: &program)  // a text, and maybe its MEMOIZE
            return
        }
        do {
            try Fragment.appendPlain(extent, of: bytes, to: &program)
        } catch {
            throw .corruptContent(name, "instructions of a pickle", "\(error)")
        }
    }

    /// Lets the pickle machine do it: the new parts are added behind, all of it is decoded, and the nodes wanted are
    /// written in their order.
    private func untangled(_ parts: [Part], _ access: borrowing SegmentAccess) throws(RememoryError) -> [UInt8] {
        let bytes = source(access)
        var pickle = bytes.array(0..<stopOffset)
        pickle.append(Opcode.mark)
        var order: [Int] = []
        var next = index.nodeCount
        for part in parts {
            switch part {
            case .kept(_, let node): order.append(node)
            case .new(let instructions):
                if Index.kind == .dict {  // as the value of some key, since it may not be fit for one
                    pickle.append(Opcode.none)
                    next += 1
                }
                pickle.append(contentsOf: instructions)
                order.append(next)
                next += 1
            }
        }
        pickle.append(contentsOf: [Index.kind == .dict ? Opcode.setItems : Opcode.appends, Opcode.stop])
        let graph = try Content.decode(pickle, name)
        let nodes = graph.children(of: graph.root)
        let edited = graph.replacingRootItems(with: order.map { nodes[$0] })
        return Array(try Content.encode(edited, name).dropFirst(2))
    }
}
