using System.Threading.Channels;

namespace Sim7600.Links.Tests.Posix;

/// <summary>What a port says about clients that come and go, in order.</summary>
internal sealed class Presence
{
    private readonly Channel<bool> _changes = Channel.CreateUnbounded<bool>();

    public Presence(PtyPort port)
    {
        port.ClientConnectionChanged += (_, connected) => _changes.Writer.TryWrite(connected);
    }

    /// <summary>True when nothing has been said that was not waited for.</summary>
    public bool IsQuiet => _changes.Reader.Count == 0;

    public async Task ComesAsync(CancellationToken cancellationToken) => Assert.That(await _changes.Reader.ReadAsync(cancellationToken), Is.True);

    public async Task GoesAsync(CancellationToken cancellationToken) => Assert.That(await _changes.Reader.ReadAsync(cancellationToken), Is.False);
}
