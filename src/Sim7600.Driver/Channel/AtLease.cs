using Sim7600.Driver.Diagnostics;

namespace Sim7600.Driver.Channel;

/// <summary>
/// The right to use the channel alone until disposed, for commands that belong together (TOPIC, PAYLOAD, PUB). Keep it short:
/// everybody else waits.
/// </summary>
public sealed class AtLease : IDisposable
{
    private readonly AtChannel _channel;
    private int _running;
    private int _disposed;

    internal AtLease(AtChannel channel) => _channel = channel;

    /// <summary>The channel.</summary>
    public AtChannel Channel => _channel;

    /// <summary>Runs one command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">
    /// Gives the command up. Before it was written that leaves no trace; after, its late answer is dropped and the channel gets back
    /// in step before the next command.
    /// </param>
    /// <returns>The answer; its final result is an error only when the command's result line came too and says more.</returns>
    /// <exception cref="AtErrorException">The modem refused the command and gave no result line.</exception>
    /// <exception cref="AtTimeoutException">No whole answer within the command's time-out, or the channel could not get back in step.</exception>
    /// <exception cref="AtModemRestartedException">The modem booted meanwhile.</exception>
    /// <exception cref="AtUnexpectedAnswerException">The modem prompted for data that the command does not have.</exception>
    /// <exception cref="AtChannelClosedException">The line is lost or the channel disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">A command of this lease is still running.</exception>
    public async Task<AtReply> ExecuteAsync(AtCommand command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (Interlocked.Exchange(ref _running, 1) != 0)
        {
            throw new InvalidOperationException("A command of this lease is still running: await it before the next one.");
        }

        try
        {
            return await (DriverTelemetry.MeasuresCommands ? MeasureAsync(command, cancellationToken) : _channel.RunAsync(command, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>Gives the channel back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _channel.GiveBack();
        }
    }

    private async Task<AtReply> MeasureAsync(AtCommand command, CancellationToken cancellationToken)
    {
        long started = _channel.TimeProvider.GetTimestamp();
        AtReply? reply = null;
        Exception? error = null;
        try
        {
            return reply = await _channel.RunAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            error = exception;
            throw;
        }
        finally
        {
            DriverTelemetry.CommandEnded(_channel.Name, command, _channel.TimeProvider.GetElapsedTime(started), reply, error);
        }
    }
}
