using System.Buffers;
using System.IO.Hashing;
using HealthEval.Intake;

namespace HealthEval.Batches.Pairing;

/// <summary>Puts every answer together with its request, in the order of the answers: <c>{"answer":…,"request":…}</c>.</summary>
internal static class Joining
{
    public static Part Of(Part answers, RequestIndex requests) => answers with { Read = () => Read(answers.Read(), requests) };

    private static IEnumerable<RawRecord> Read(IEnumerable<RawRecord> answers, RequestIndex requests)
    {
        var seen = new Dictionary<ulong, (long Line, ulong Content)>();
        var joined = new ArrayBufferWriter<byte>();
        foreach (var answer in answers)
        {
            if (answer.Problem is not null || RequestKey.AnswerId(answer.Json) is not { } id)
            {
                yield return answer; // whoever reads it says what is wrong with it
                continue;
            }

            var content = XxHash3.HashToUInt64(answer.Json.Span);
            var earlier = seen.TryAdd(id, (answer.Line, content)) ? (Line: 0, Content: content) : seen[id];
            if (earlier.Content != content)
            {
                yield return RawRecord.Bad(answer.Line, $"Line {earlier.Line} has another answer for this id. Which of them counts? Send only that one.", "custom_id");
            }
            else if (requests.Find(id, out var isAmbiguous) is not { } request)
            {
                yield return RawRecord.Bad(answer.Line, "No request with this id in the input file. Add it there, or send the input file that this answer belongs to.", "custom_id");
            }
            else if (isAmbiguous)
            {
                yield return RawRecord.Bad(answer.Line, "The input file has several different requests with this id, so it is unclear what was asked.", "custom_id");
            }
            else
            {
                joined.ResetWrittenCount();
                joined.Write("{\"answer\":"u8);
                joined.Write(answer.Json.Span);
                joined.Write(",\"request\":"u8);
                joined.Write(request.Span);
                joined.Write("}"u8);
                yield return new RawRecord(answer.Line, joined.WrittenMemory, null);
            }
        }
    }
}
