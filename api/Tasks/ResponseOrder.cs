using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>
/// In which order a rater sees the responses of a task, under blinded keys A, B, … The order follows from a seed that is recorded with
/// the judgement: the same rater sees the same order after a reload, and different raters see different ones.
/// </summary>
internal static class ResponseOrder
{
    public static string Seed(string taskId, string rater) => Sha.OfParts("response order", taskId, rater)[..16];

    /// <summary>The response ids, shuffled (Fisher–Yates, random numbers by rejection from SHA-256 of seed and counter).</summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> responseIds, string seed)
    {
        var order = responseIds.ToArray();
        var counter = 0;
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1, seed, ref counter);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    public static string Key(int position) => ((char)('A' + position)).ToString();

    private static int Below(int bound, string seed, ref int counter)
    {
        var limit = uint.MaxValue - (uint.MaxValue % (uint)bound);
        uint drawn;
        do
        {
            drawn = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}:{counter++}")));
        }
        while (drawn >= limit);

        return (int)(drawn % (uint)bound);
    }
}
