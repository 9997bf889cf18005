using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Sim7600.Links;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Conversations;

/// <summary>
/// The other end of the line as a script: it says bytes and expects bytes, and knows nothing of AT. Characters are bytes (Latin-1).
/// </summary>
public sealed class ScriptedModem : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly InMemorySerialLink _end;

    public ScriptedModem()
    {
        (InMemorySerialLink host, _end) = InMemorySerialLink.CreatePair("scripted");
        Host = host;
    }

    /// <summary>The end that the code under test takes.</summary>
    public ISerialLink Host { get; }

    /// <summary>True to send every byte in a write of its own.</summary>
    public bool ByteByByte { get; init; }

    /// <summary>Waits for exactly these bytes; other bytes fail the test at once.</summary>
    public async Task Expects(string bytes)
    {
        byte[] wanted = Encoding.Latin1.GetBytes(bytes);
        int matched = 0;
        using var limit = new CancellationTokenSource(Patience);
        while (matched < wanted.Length)
        {
            ReadResult read;
            try
            {
                read = await _end.Input.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new AssertionException($"The host did not send \"{AtText.Escape(wanted.AsSpan(matched))}\" (of \"{AtText.Escape(wanted)}\").");
            }

            byte[] received = read.Buffer.ToArray();
            int length = Math.Min(received.Length, wanted.Length - matched);
            if (!received.AsSpan(0, length).SequenceEqual(wanted.AsSpan(matched, length)))
            {
                throw new AssertionException($"The host sent \"{AtText.Escape(received)}\" instead of \"{AtText.Escape(wanted.AsSpan(matched))}\".");
            }

            _end.Input.AdvanceTo(read.Buffer.GetPosition(length));
            matched += length;
            if (matched < wanted.Length && read.IsCompleted)
            {
                throw new AssertionException($"The host closed the line instead of sending \"{AtText.Escape(wanted.AsSpan(matched))}\".");
            }
        }
    }

    /// <summary>Fails when the host has sent anything that was not expected so far.</summary>
    public void ExpectsNothingMore()
    {
        if (_end.Input.TryRead(out ReadResult read))
        {
            byte[] bytes = read.Buffer.ToArray();
            _end.Input.AdvanceTo(read.Buffer.Start);
            Assert.That(AtText.Escape(bytes), Is.Empty, "the host sent more than it should");
        }
    }

    /// <summary>True when the host has sent something that was not expected yet.</summary>
    public bool HasHeardSomething
    {
        get
        {
            if (!_end.Input.TryRead(out ReadResult read))
            {
                return false;
            }

            _end.Input.AdvanceTo(read.Buffer.Start);
            return !read.Buffer.IsEmpty;
        }
    }

    /// <summary>Takes what the host has sent so far, if anything.</summary>
    public string TakeWhatCame()
    {
        if (!_end.Input.TryRead(out ReadResult read))
        {
            return "";
        }

        string bytes = Encoding.Latin1.GetString(read.Buffer.ToArray());
        _end.Input.AdvanceTo(read.Buffer.End);
        return bytes;
    }

    public Task Says(string bytes) => Says(Encoding.Latin1.GetBytes(bytes));

    public async Task Says(byte[] bytes)
    {
        if (!ByteByByte)
        {
            await _end.WriteAsync(bytes);
            return;
        }

        for (int index = 0; index < bytes.Length; index++)
        {
            await _end.WriteAsync(bytes.AsMemory(index, 1));
        }
    }

    /// <summary>One exchange.</summary>
    public async Task Answers(string command, string answer)
    {
        await Expects(command);
        await Says(answer);
    }

    public Task Unplug(string reason = "the device was unplugged") => _end.UnplugAsync(reason);

    public ValueTask DisposeAsync() => _end.DisposeAsync();
}
