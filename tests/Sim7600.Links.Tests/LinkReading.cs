using System.Buffers;
using System.IO.Pipelines;

namespace Sim7600.Links.Tests;

/// <summary>Reads a link by count, which the pipe leaves to its owner.</summary>
internal static class LinkReading
{
    /// <summary>Far above what any step takes, so that only a hang reaches it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Takes exactly so many bytes; a link that ends before them fails the test.</summary>
    public static async Task<byte[]> ReadAsync(this ISerialLink link, int count, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[count];
        int have = 0;
        while (have < count)
        {
            ReadResult result = await link.Input.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> some = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, count - have));
            some.CopyTo(bytes.AsSpan(have));
            have += (int)some.Length;
            link.Input.AdvanceTo(some.End);
            Assert.That(have == count || !result.IsCompleted, Is.True, $"{link.Name} ended after {have} of {count} bytes: {Convert.ToHexString(bytes, 0, Math.Min(have, 64))}");
        }

        return bytes;
    }

    /// <summary>Takes everything until the link ends.</summary>
    public static async Task<byte[]> ReadToEndAsync(this ISerialLink link, CancellationToken cancellationToken)
    {
        var bytes = new List<byte>();
        while (true)
        {
            ReadResult result = await link.Input.ReadAsync(cancellationToken);
            bytes.AddRange(result.Buffer.ToArray());
            link.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return [.. bytes];
            }
        }
    }

    /// <summary>Waits until so many bytes are there to be read, and leaves them there.</summary>
    public static async Task WaitForAsync(this ISerialLink link, int count, CancellationToken cancellationToken)
    {
        ReadResult result = await link.Input.ReadAtLeastAsync(count, cancellationToken);
        Assert.That(result.Buffer.Length, Is.GreaterThanOrEqualTo(count), "the link ended too early");
        link.Input.AdvanceTo(result.Buffer.Start);
    }

    /// <summary>Disposes the link and fails the test when that hangs.</summary>
    public static Task CloseAsync(this ISerialLink link) => link.DisposeAsync().AsTask().WaitAsync(Patience);
}
