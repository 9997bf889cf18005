using System.Globalization;
using System.Text;
using Sim7600.Driver.Channel;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Driver.Features;

/// <summary>Signal, registration, operator, cell (<c>core.md</c> 6).</summary>
public sealed class NetworkFeature
{
    private readonly AtChannel _channel;
    private readonly Sim7600ModemOptions _options;

    internal NetworkFeature(AtChannel channel, Sim7600ModemOptions options)
    {
        _channel = channel;
        _options = options;
    }

    /// <summary>Reads the signal strength.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The strength; unknown while the modem searches.</returns>
    /// <exception cref="AtException">The modem refused, was silent, answered something else, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<SignalQuality> SignalAsync(CancellationToken cancellationToken = default)
    {
        AtReply reply = await _channel.ExecuteAsync(AtCommand.Query("AT+CSQ", "+CSQ:"), cancellationToken).ConfigureAwait(false);
        string text = reply.After("+CSQ:") ?? "";
        var reader = new AtParameterReader(Encoding.UTF8.GetBytes(text));
        return reader.TryReadNumber(out long rssi) && reader.TryReadNumber(out long errors)
            ? new SignalQuality((int)rssi, errors is >= 0 and <= 7 ? (int)errors : null)
            : throw _channel.NotUnderstood("AT+CSQ", $"\"{text}\"");
    }

    /// <summary>Reads the three registrations.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The registrations.</returns>
    /// <exception cref="AtException">The modem was silent, answered something else, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<NetworkRegistration> RegistrationAsync(CancellationToken cancellationToken = default)
    {
        using AtLease lease = await _channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
        return await RegistrationAsync(lease, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the operator.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The operator; null while there is none.</returns>
    /// <exception cref="AtException">The modem refused, was silent, answered something else, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<NetworkOperator?> OperatorAsync(CancellationToken cancellationToken = default)
    {
        AtReply reply = await _channel.ExecuteAsync(AtCommand.Query("AT+COPS?", "+COPS:"), cancellationToken).ConfigureAwait(false);
        string text = reply.After("+COPS:") ?? throw _channel.NotUnderstood("AT+COPS?", "OK without a line");
        return TryParseOperator(Encoding.UTF8.GetBytes(text), out NetworkOperator? found) ? found : throw _channel.NotUnderstood("AT+COPS?", $"+COPS: {text}");
    }

    /// <summary>Reads what the modem knows of the serving cell.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The cell, or <c>NO SERVICE</c>.</returns>
    /// <exception cref="AtException">The modem refused (seen once, on the first question after boot), was silent, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<SystemInformation> SystemInformationAsync(CancellationToken cancellationToken = default)
    {
        AtReply reply = await _channel.ExecuteAsync(AtCommand.Query("AT+CPSI?", "+CPSI:"), cancellationToken).ConfigureAwait(false);
        string text = reply.After("+CPSI:") ?? throw _channel.NotUnderstood("AT+CPSI?", "OK without a line");
        string[] fields = text.Split(',', StringSplitOptions.TrimEntries);
        return new SystemInformation(fields[0], fields.Length > 1 ? fields[1] : "", fields);
    }

    /// <summary>
    /// Waits until the modem is registered for data. It asks every <see cref="Sim7600ModemOptions.RegistrationPollInterval"/>, and at once
    /// when the modem reports a change.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The registration, which is one for data.</returns>
    /// <exception cref="RegistrationTimeoutException">Not registered within <see cref="Sim7600ModemOptions.RegistrationTimeout"/>.</exception>
    /// <exception cref="AtException">The modem was silent, restarted, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<NetworkRegistration> WaitForRegistrationAsync(CancellationToken cancellationToken = default)
    {
        TimeProvider time = _channel.TimeProvider;
        long started = time.GetTimestamp();
        using AtUrcSubscription urcs = _channel.SubscribeUrcs();
        NetworkRegistration registration = await RegistrationAsync(cancellationToken).ConfigureAwait(false);
        if (registration.IsRegistered)
        {
            return registration;
        }

        foreach (string command in (string[])["AT+CGREG=1", "AT+CEREG=1"])
        {
            try
            {
                await _channel.ExecuteAsync(new AtCommand(command), cancellationToken).ConfigureAwait(false);
            }
            catch (AtErrorException)
            {
                // Then polling alone has to do.
            }
        }

        while (true)
        {
            registration = await RegistrationAsync(cancellationToken).ConfigureAwait(false);
            if (registration.IsRegistered)
            {
                return registration;
            }

            TimeSpan left = _options.RegistrationTimeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                SignalQuality signal = await SignalAsync(cancellationToken).ConfigureAwait(false);
                throw new RegistrationTimeoutException(registration, signal, await SimAsync(cancellationToken).ConfigureAwait(false), _options.RegistrationTimeout);
            }

            await ChangeOrPauseAsync(urcs, left < _options.RegistrationPollInterval ? left : _options.RegistrationPollInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    // Only for the advice, which an error must not replace.
    private async Task<SimState> SimAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await new SimFeature(_channel).StateAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AtErrorException)
        {
            return SimState.Unknown;
        }
    }

    internal async Task<NetworkRegistration> RegistrationAsync(AtLease lease, CancellationToken cancellationToken) => new(
        await StatusAsync(lease, "+CREG", cancellationToken).ConfigureAwait(false),
        await StatusAsync(lease, "+CGREG", cancellationToken).ConfigureAwait(false),
        await StatusAsync(lease, "+CEREG", cancellationToken).ConfigureAwait(false));

    private async Task ChangeOrPauseAsync(AtUrcSubscription urcs, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(pause, _channel.TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            while (await urcs.Reader.WaitToReadAsync(stop.Token).ConfigureAwait(false))
            {
                while (urcs.Reader.TryRead(out AtUrc? urc))
                {
                    if (urc.Kind.Prefix is "+CREG:" or "+CGREG:" or "+CEREG:" or "PB DONE")
                    {
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The pause is over.
        }
    }

    private async Task<RegistrationStatus> StatusAsync(AtLease lease, string name, CancellationToken cancellationToken)
    {
        string prefix = name + ":";
        try
        {
            AtReply reply = await lease.ExecuteAsync(AtCommand.Query($"AT{name}?", prefix), cancellationToken).ConfigureAwait(false);
            string text = reply.After(prefix) ?? "";
            var reader = new AtParameterReader(Encoding.UTF8.GetBytes(text));
            return reader.TryReadNumber(out _) && reader.TryReadNumber(out long status)
                ? status is >= 0 and <= 8 ? (RegistrationStatus)status : RegistrationStatus.Unknown
                : throw _channel.NotUnderstood($"AT{name}?", string.Create(CultureInfo.InvariantCulture, $"\"{text}\""));
        }
        catch (AtErrorException)
        {
            return RegistrationStatus.Unknown;
        }
    }

    private static bool TryParseOperator(ReadOnlySpan<byte> parameters, out NetworkOperator? found)
    {
        found = null;
        var reader = new AtParameterReader(parameters);
        if (!reader.TryRead(out _) || !reader.TryRead(out _) || !reader.TryRead(out AtParameter name))
        {
            // "+COPS: 0" and "+COPS: 2": none (field-notes.md 28).
            return true;
        }

        // A name is quoted, in each of its three formats: what is not stands where another value belongs, since a byte was lost.
        found = name.Kind == AtParameterKind.Text ? new NetworkOperator(name.ToString().Trim(), reader.TryReadNumber(out long technology) ? (int)technology : null) : null;
        return found is not null;
    }
}
