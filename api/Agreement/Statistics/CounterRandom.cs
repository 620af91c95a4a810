using System.Runtime.InteropServices;

namespace HealthEval.Agreement.Statistics;

/// <summary>
/// Counter-based random numbers: the number at a position is a function of seed, stream and position alone, so a parallel run gives the
/// same bits as a serial one. The function is Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct CounterRandom(ulong seed, ulong stream)
{
    /// <summary>Two independent 64-bit words at a position.</summary>
    public (ulong First, ulong Second) Words(ulong position)
    {
        var (x0, x1, x2, x3) = Block((uint)position, (uint)(position >> 32), (uint)stream, (uint)(stream >> 32), (uint)seed, (uint)(seed >> 32));
        return (x0 | ((ulong)x1 << 32), x2 | ((ulong)x3 << 32));
    }

    /// <summary>A uniform number in [0, 1) at a position, with 53 random bits.</summary>
    public double Uniform(ulong position) => (Words(position).First >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform integer in [0, bound) made from a 64-bit word; the bias is below bound ÷ 2⁶⁴.</summary>
    public static int Below(int bound, ulong word) => (int)Math.BigMul(word, (ulong)bound, out _);

    /// <summary>One block of Philox4x32 with ten rounds.</summary>
    internal static (uint X0, uint X1, uint X2, uint X3) Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < 10; round++)
        {
            var p0 = 0xD2511F53UL * c0;
            var p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return (c0, c1, c2, c3);
    }
}
