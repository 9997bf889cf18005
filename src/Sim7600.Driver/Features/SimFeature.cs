using Sim7600.Driver.Channel;
using Sim7600.Protocol.Grammar;
using Sim7600.Protocol.Results;

namespace Sim7600.Driver.Features;

/// <summary>The SIM: its state, its numbers, its PIN (<c>core.md</c> 5).</summary>
public sealed class SimFeature
{
    private readonly AtChannel _channel;

    internal SimFeature(AtChannel channel) => _channel = channel;

    /// <summary>Asks what the SIM needs. A missing, busy or broken card is an answer, not an error.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The state.</returns>
    /// <exception cref="AtException">The modem was silent, refused for another reason, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<SimState> StateAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            AtReply reply = await _channel.ExecuteAsync(AtCommand.Query("AT+CPIN?", "+CPIN:"), cancellationToken).ConfigureAwait(false);
            return reply.After("+CPIN:") switch
            {
                "READY" => SimState.Ready,
                "SIM PIN" => SimState.PinRequired,
                "SIM PUK" => SimState.PukRequired,
                { } text when text.StartsWith("PH-", StringComparison.Ordinal) => SimState.Locked,
                null => throw _channel.NotUnderstood("AT+CPIN?", "OK without a state"),
                _ => SimState.Unknown,
            };
        }
        catch (AtErrorException error) when (StateOf(error.Number) is not SimState.Unknown)
        {
            return StateOf(error.Number);
        }
    }

    /// <summary>Reads the subscriber's number (IMSI).</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Up to 15 digits.</returns>
    /// <exception cref="AtErrorException">The card is missing, locked or busy.</exception>
    /// <exception cref="AtException">The modem was silent, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<string> ImsiAsync(CancellationToken cancellationToken = default)
    {
        AtReply reply = await _channel.ExecuteAsync(AtCommand.Query("AT+CIMI", prefix: null), cancellationToken).ConfigureAwait(false);
        return reply.Lines is [.., { } line] ? line.Trim() : throw _channel.NotUnderstood("AT+CIMI", "OK without a number");
    }

    /// <summary>Reads the card's number (ICCID).</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Up to 20 characters.</returns>
    /// <exception cref="AtErrorException">The card is missing or busy.</exception>
    /// <exception cref="AtException">The modem was silent, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<string> IccidAsync(CancellationToken cancellationToken = default)
    {
        // The command is CICCID, the answer's prefix ICCID (core.md 3).
        AtReply reply = await _channel.ExecuteAsync(AtCommand.Query("AT+CICCID", "+ICCID:"), cancellationToken).ConfigureAwait(false);
        return reply.After("+ICCID:") ?? throw _channel.NotUnderstood("AT+CICCID", "OK without a number");
    }

    /// <summary>Enters the PIN. Ask <see cref="StateAsync"/> first: three wrong PINs lock the card.</summary>
    /// <param name="pin">4 to 8 digits. It reaches no log and no exception.</param>
    /// <param name="cancellationToken">Gives up; the PIN may have been tried.</param>
    /// <returns>A task that completes when the modem accepted the PIN; the SIM is ready a few seconds later.</returns>
    /// <exception cref="ArgumentException">The PIN is not 4 to 8 digits; nothing was sent.</exception>
    /// <exception cref="AtErrorException">The PIN is wrong (CME 16), or none is wanted (CME 3).</exception>
    /// <exception cref="AtException">The modem was silent, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task EnterPinAsync(string pin, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pin);
        if (pin.Length is < 4 or > 8 || pin.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            throw new ArgumentException("A PIN is 4 to 8 digits.", nameof(pin));
        }

        var command = new AtCommand(new AtCommandWriter("+CPIN").Text(pin, nameof(pin)).ToString()) { RedactedText = "AT+CPIN=\"****\"" };
        await _channel.ExecuteAsync(command, cancellationToken).ConfigureAwait(false);
    }

    private static SimState StateOf(int? error) => error switch
    {
        CmeError.SimNotInserted => SimState.Absent,
        CmeError.SimBusy => SimState.Busy,
        CmeError.SimPinRequired => SimState.PinRequired,
        CmeError.SimPukRequired => SimState.PukRequired,
        CmeError.SimFailure or CmeError.SimWrong => SimState.Failed,
        _ => SimState.Unknown,
    };
}
