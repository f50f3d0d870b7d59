import Foundation
import Testing

@testable import interop_check

@Suite struct JSONTests {
    @Test func integersAndFloatsStayWhatTheyAre() {
        let value: JSON = ["int": 1, "float": 1.0, "none": nil, "yes": true, "list": [-0.5, "x"]]
        #expect(value.description == #"{"float": 1.0, "int": 1, "list": [-0.5, "x"], "none": null, "yes": true}"#)
    }

    @Test func textIsEscaped() {
        #expect(JSON.string("a\"b\\c\nd\u{1}\u{1f}é\u{1F680}").description == #""a\"b\\c\nd\u0001\u001fé🚀""#)
    }

    @Test(arguments: ["null", "true", "-12", "\"text\"", "[1, [], {}]", #"{"a": {"b": [null]}}"#])
    func whatIsParsedIsWrittenTheSame(_ text: String) throws {
        #expect(try JSON(parsing: Data(text.utf8)).description == text)
    }

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
