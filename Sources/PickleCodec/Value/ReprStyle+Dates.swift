// The types of `datetime`, whose state is a few bytes:
//
//     date      07 e4 02 1d                        2020-02-29
//     time      0c 22 38 01 e2 40                  12:34:56.123456; the top bit of the hour is the fold
//     datetime  07 e4 02 1d 0c 22 38 01 e2 40      both; the fold is the top bit of the month

extension ReprStyle {
    func date(_ arguments: [PickleGraph.Node]) -> [Piece]? {
        guard arguments.count == 1, let bytes = fields(arguments[0], count: 4) else { return nil }
        return [call("datetime.date", [bytes[0] << 8 | bytes[1], bytes[2], bytes[3]]), .text(")")]
    }

    func time(_ arguments: [PickleGraph.Node]) -> [Piece]? {
        guard (1...2).contains(arguments.count), let bytes = fields(arguments[0], count: 6) else { return nil }
        let clock = clockFields([bytes[0] & 0x7f] + bytes[1...])
        return [call("datetime.time", clock)] + foldAndZone(bytes[0] >> 7, arguments)
    }

    func dateTime(_ arguments: [PickleGraph.Node]) -> [Piece]? {
        guard (1...2).contains(arguments.count), let bytes = fields(arguments[0], count: 10) else { return nil }
        let day = [bytes[0] << 8 | bytes[1], bytes[2] & 0x7f, bytes[3]]
        return [call("datetime.datetime", day + clockFields(Array(bytes[4...])))]
            + foldAndZone(bytes[2] >> 7, arguments)
    }

    /// `datetime.timedelta(days=-1, seconds=86399)`; what is zero is left out.
    func timeDelta(_ arguments: [PickleGraph.Node]) -> [Piece]? {
        let values = arguments.compactMap { graph.graph.int(of: $0) }
        guard arguments.count == 3, values.count == 3 else { return nil }
        let parts = zip(["days", "seconds", "microseconds"], values).filter { $1 != 0 }.map { "\($0)=\($1)" }
        let inside = parts.isEmpty ? "0" : parts.joined(separator: ", ")
        return [.bytes(Array("datetime.timedelta(\(inside))".utf8))]
    }

    func timeZone(_ arguments: [PickleGraph.Node]) -> [Piece]? {
        guard (1...2).contains(arguments.count), let offset = graph.object(arguments[0]),
            offset.className == "datetime.timedelta"
        else { return nil }
        if arguments.count == 1, offset.arguments.allSatisfy({ graph.graph.int(of: $0) == 0 }) {
            return [.text("datetime.timezone.utc")]
        }
        return .sequence("datetime.timezone(", arguments, ")")
    }

    /// The bytes of a state, which Python 2 and protocols before 3 write as a string in Latin-1.
    private func fields(_ node: PickleGraph.Node, count: Int) -> [Int]? {
        let shape = graph.shape(of: node)
        guard shape.kind == .bytes || shape.kind == .python2String else { return nil }
        let content = shape.kind == .bytes ? graph.content(ofBytes: shape) : graph.bytes(of: node)
        return content.count == count ? content.map(Int.init) : nil
    }

    /// Hour, minute, and the second and microsecond as far as they are not zero.
    private func clockFields(_ bytes: [Int]) -> [Int] {
        let microsecond = bytes[3] << 16 | bytes[4] << 8 | bytes[5]
        var clock = [bytes[0], bytes[1]]
        if bytes[2] != 0 || microsecond != 0 { clock.append(bytes[2]) }
        if microsecond != 0 { clock.append(microsecond) }
        return clock
    }

    private func call(_ name: String, _ fields: [Int]) -> Piece {
        .bytes(Array((name + "(" + fields.map(String.init).joined(separator: ", ")).utf8))
    }

    private func foldAndZone(_ fold: Int, _ arguments: [PickleGraph.Node]) -> [Piece] {
        var pieces: [Piece] = fold == 0 ? [] : [.text(", fold=1")]
        if arguments.count == 2, graph.graph.kind(of: arguments[1]) != .none {
            pieces += [.text(", tzinfo="), .node(arguments[1])]
        }
        return pieces + [.text(")")]
    }
}
