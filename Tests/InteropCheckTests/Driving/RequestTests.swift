import PeerProtocol
import Testing

@testable import interop_check

@Suite struct RequestTests {
    @Test func requestsCarryTheirFields() {
        let request = Request("dict.set", "n", key: nil, value: ["a": 1], options: ["timeout": 2.5])
        #expect(
            request.json(id: 3).description
                == #"{"id": 3, "name": "n", "op": "dict.set", "timeout": 2.5, "value": {"json": {"a": 1}}}"#)
        let nothing = Request("block.set", "n", value: .json(nil))
        #expect(nothing.json(id: nil).description == #"{"name": "n", "op": "block.set", "value": {"json": null}}"#)
    }

    @Test func repliesAreReadOrRefused() {
        #expect(PeerReply(["id": 1, "ok": nil]) == .ok(nil))
        #expect(
            PeerReply(["id": 1, "error": ["code": "overflow", "message": "m"]])
                == .error(code: "overflow", message: "m"))
        #expect(PeerReply(["id": 1]) == nil)
        #expect(PeerReply(["id": 1, "error": "no object"]) == nil)
    }
}
