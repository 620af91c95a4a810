using System.Buffers;
using System.Text;
using HealthEval.Storage;

namespace HealthEval.Tests.Storage;

public sealed class PooledBufferTests
{
    [Fact]
    public void What_is_written_in_pieces_of_any_size_is_there_in_order()
    {
        using var buffer = new PooledBuffer();
        var expected = new StringBuilder();
        foreach (var length in new[] { 0, 1, 4_095, 3, 70_000, 2 })
        {
            var piece = new string((char)('a' + (length % 26)), length);
            buffer.Write(Encoding.UTF8.GetBytes(piece));
            expected.Append(piece);
        }

        Assert.Equal(expected.ToString(), Encoding.UTF8.GetString(buffer.Written.Span));
    }

    [Fact]
    public void After_clearing_it_begins_again()
    {
        using var buffer = new PooledBuffer();
        buffer.Write("first"u8);
        buffer.Clear();
        buffer.Write("second"u8);

        Assert.Equal("second", Encoding.UTF8.GetString(buffer.Written.Span));
    }
}
