import Foundation
import Testing

@testable import PeerProtocol

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
}
