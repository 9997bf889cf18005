using System.IO.Pipelines;

namespace Sim7600.Links;

/// <summary>
/// Bytes to and from the other end of a serial line, whatever carries them. One owner reads and one owner writes; a link
/// that was lost stays lost, open a new one.
/// </summary>
public interface ISerialLink : IAsyncDisposable
{
    /// <summary>What a person would call this link: the device path, <c>COM3</c>, <c>tcp://host:port</c>.</summary>
    string Name { get; }

    /// <summary>Speed and flow control as the port was opened with; null where the link has none (sockets, memory) or does not know.</summary>
    SerialSettings? Settings => null;

    /// <summary>
    /// Bytes received. It completes when the link is lost or disposed; it never throws for a lost link, so that what came
    /// before the loss can be read to its end. <see cref="Lost"/> has the reason.
    /// </summary>
    PipeReader Input { get; }

    /// <summary>The modem control lines, or null where the link has none (TCP, PTY, memory).</summary>
    IControlLines? ControlLines { get; }

    /// <summary>Completes once, with the reason, when the link is lost or disposed. It never fails and is never cancelled.</summary>
    Task<SerialLinkLoss> Lost { get; }

    /// <summary>Hands all bytes to the line, in order.</summary>
    /// <param name="bytes">The bytes; the caller may reuse them once the task completed.</param>
    /// <param name="cancellationToken">Gives up waiting for room; some bytes may have been sent.</param>
    /// <returns>A task that completes when the operating system took the last byte.</returns>
    /// <exception cref="SerialLinkException">The link is lost or disposed (<see cref="SerialLinkError.Lost"/>).</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default);

    /// <summary>Changes speed and flow control, once all bytes that were written before have left.</summary>
    /// <param name="settings">The new settings; their time limit does not count.</param>
    /// <param name="cancellationToken">Gives up waiting for the bytes to leave; nothing has changed then.</param>
    /// <returns>False where the link has no settings, or cannot change them while it is open.</returns>
    /// <exception cref="SerialLinkException">The link is lost, or the device refuses the settings.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<bool> ChangeSettingsAsync(SerialSettings settings, CancellationToken cancellationToken = default) => ValueTask.FromResult(false);
}
