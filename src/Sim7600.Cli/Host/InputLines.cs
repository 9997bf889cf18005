using System.Buffers;
using System.Threading.Channels;

namespace Sim7600.Cli.Host;

/// <summary>
/// The lines of stdin as they come. A read of stdin cannot be broken off, so a thread of its own does it and nobody has to wait for it.
/// </summary>
internal static class InputLines
{
    /// <summary>Lines that are read ahead.</summary>
    private const int Waiting = 16;

    /// <summary>Starts reading.</summary>
    /// <param name="input">The input; it is never closed.</param>
    /// <param name="longest">The longest line to take, in bytes. A longer one comes cut to one byte more, and is the last.</param>
    /// <returns>
    /// The lines as bytes, split at LF alone as mosquitto_pub does: a CR belongs to the line, and so do a byte order mark and what is no UTF-8.
    /// What follows the last LF is a line when there is anything.
    /// </returns>
    public static ChannelReader<byte[]> Read(Stream input, int longest)
    {
        var lines = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true });
        new Thread(() => Pump(input, longest, lines.Writer)) { IsBackground = true, Name = "stdin" }.Start();
        return lines.Reader;
    }

    private static void Pump(Stream input, int longest, ChannelWriter<byte[]> lines)
    {
        try
        {
            var line = new ArrayBufferWriter<byte>();
            byte[] buffer = new byte[4096];
            int read;
            while ((read = input.Read(buffer)) > 0)
            {
                ReadOnlySpan<byte> rest = buffer.AsSpan(0, read);
                for (int end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
                {
                    line.Write(rest[..end]);
                    rest = rest[(end + 1)..];
                    if (!HandOver(line, longest, lines))
                    {
                        return;
                    }
                }

                line.Write(rest);
                if (line.WrittenCount > longest)
                {
                    HandOver(line, longest, lines);
                    return;
                }
            }

            if (line.WrittenCount > 0)
            {
                HandOver(line, longest, lines);
            }

            lines.TryComplete();
        }
        catch (Exception error)
        {
            lines.TryComplete(error);
        }
    }

    private static bool HandOver(ArrayBufferWriter<byte> line, int longest, ChannelWriter<byte[]> lines)
    {
        bool fits = line.WrittenCount <= longest;
        byte[] bytes = line.WrittenSpan[..Math.Min(line.WrittenCount, longest + 1)].ToArray();
        line.ResetWrittenCount();
        lines.WriteAsync(bytes).AsTask().GetAwaiter().GetResult();
        if (!fits)
        {
            lines.TryComplete();
        }

        return fits;
    }
}
