using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Sim7600.Links;

namespace SensorNode;

/// <summary>
/// A Plantower PMS5003 in active mode: frames of 32 bytes at 9600 baud, 0x42 0x4D, the length 28, words with the high byte first, the sum of all bytes
/// before it at the end. Broken frames are counted; a port that goes away is opened again.
/// </summary>
internal sealed class Pms5003 : IParticleSensor
{
    private const int FrameLength = 32;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Task _reading;
    private Particles? _latest;
    private long _garbled;

    public Pms5003(string port) => _reading = Task.Run(() => ReadAsync(port));

    public long Garbled => Interlocked.Read(ref _garbled);

    public Particles? Take()
    {
        lock (_gate)
        {
            (Particles? taken, _latest) = (_latest, null);
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _end.Dispose();
    }

    private async Task ReadAsync(string port)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await using ISerialLink link = await SerialLink.OpenAsync(port, SerialSettings.Default with { BaudRate = 9600 }, _end.Token);
                for (ReadResult result = default; !result.IsCompleted;)
                {
                    result = await link.Input.ReadAsync(_end.Token);
                    link.Input.AdvanceTo(Feed(result.Buffer), result.Buffer.End);
                }
            }
            catch (SerialLinkException error)
            {
                await Console.Error.WriteLineAsync($"The sensor: {error.Message}");
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.WhenAny(Task.Delay(Pause, _end.Token));
        }
    }

    /// <summary>Takes whole frames.</summary>
    /// <returns>Where the first byte stands that is still of use.</returns>
    private SequencePosition Feed(ReadOnlySequence<byte> bytes)
    {
        Span<byte> frame = stackalloc byte[FrameLength];
        while (bytes.Length >= FrameLength)
        {
            bytes.Slice(0, FrameLength).CopyTo(frame);
            if (!frame.StartsWith((ReadOnlySpan<byte>)[0x42, 0x4D, 0, FrameLength - 4]))
            {
                bytes = bytes.Slice(1);
                continue;
            }

            int sum = 0;
            foreach (byte each in frame[..^2])
            {
                sum += each;
            }

            if (sum == BinaryPrimitives.ReadUInt16BigEndian(frame[^2..]))
            {
                lock (_gate)
                {
                    _latest = new Particles(Word(frame, 10), Word(frame, 12), Word(frame, 14));
                }

                bytes = bytes.Slice(FrameLength);
            }
            else
            {
                Interlocked.Increment(ref _garbled);
                bytes = bytes.Slice(1);
            }
        }

        return bytes.Start;
    }

    private static int Word(ReadOnlySpan<byte> frame, int at) => BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);
}
