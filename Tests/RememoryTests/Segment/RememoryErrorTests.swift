import Foundation
import Testing

@testable import Rememory

@Suite struct RememoryErrorTests {
    @Test func aCodeIsAPattern() throws {
        let block = try UniqueBlock("errors")
        let dict = try RememoryDict<String, Int>(block.string)
        do {
            try dict.delete("missing")
        } catch RememoryError.Code.closed {
            Issue.record("another code matches")
        } catch RememoryError.Code.keyNotFound {
            return
        }
        Issue.record("nothing was thrown")
    }

    @Test func saysWhichErrorNumberASystemCallHad() throws {
        let name = try BlockName("any")
        let full = RememoryError.system(SystemFailure("ftruncate", "/dev/shm/any", number: ENOSPC), name)
        let many = RememoryError.system(SystemFailure("open", "/dev/shm/any", number: EMFILE), name)
        #expect(full.code == .noRoom && many.code == .noRoom)
        #expect(full.systemErrorNumber == ENOSPC && many.systemErrorNumber == EMFILE)
        #expect(RememoryError.closed(name).systemErrorNumber == nil)
    }
}
