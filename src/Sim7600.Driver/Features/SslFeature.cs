using Sim7600.Driver.Channel;
using Sim7600.Protocol;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Driver.Features;

/// <summary>The modem's ten SSL contexts (<c>core.md</c> 10.1). They are forgotten on a reset, so write one before each use.</summary>
public sealed class SslFeature
{
    private readonly AtChannel _channel;

    internal SslFeature(AtChannel channel) => _channel = channel;

    /// <summary>Writes a context, one <c>AT+CSSLCFG</c> a setting.</summary>
    /// <param name="context">The context, 0 to 9.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="ct">Gives up; some settings may be written.</param>
    /// <returns>A task that completes when all are written.</returns>
    /// <exception cref="ArgumentException">A setting is not what the modem takes; nothing was sent.</exception>
    /// <exception cref="SslSettingRefusedException">The modem refused a setting: the firmware does not know it, or a file is missing.</exception>
    /// <exception cref="AtException">The modem was silent, restarted, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task WriteContextAsync(int context, SslContextSettings settings, CancellationToken ct = default)
    {
        List<(string Key, AtCommand Command)> commands = Commands(context, settings);
        using AtLease lease = await _channel.AcquireAsync(ct).ConfigureAwait(false);
        await RunAsync(lease, commands, ct).ConfigureAwait(false);
    }

    /// <summary>Writes a context under a lease of the caller's.</summary>
    /// <param name="lease">The lease of this modem's channel.</param>
    /// <param name="context">The context, 0 to 9.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="ct">Gives up; some settings may be written.</param>
    /// <returns>A task that completes when all are written.</returns>
    /// <inheritdoc cref="WriteContextAsync(int, SslContextSettings, CancellationToken)" path="/exception"/>
    public async Task WriteContextAsync(AtLease lease, int context, SslContextSettings settings, CancellationToken ct = default)
    {
        CertificatesFeature.EnsureOwn(lease, _channel);
        await RunAsync(lease, Commands(context, settings), ct).ConfigureAwait(false);
    }

    private static async Task RunAsync(AtLease lease, List<(string Key, AtCommand Command)> commands, CancellationToken ct)
    {
        foreach ((string key, AtCommand command) in commands)
        {
            try
            {
                await lease.ExecuteAsync(command, ct).ConfigureAwait(false);
            }
            catch (AtErrorException refusal)
            {
                throw new SslSettingRefusedException(key, refusal);
            }
        }
    }

    private static List<(string Key, AtCommand Command)> Commands(int context, SslContextSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(context, SslLimits.Contexts);
        settings.Validate();
        var commands = new List<(string Key, AtCommand Command)>();
        AtCommandWriter Setting(string key) => new AtCommandWriter("+CSSLCFG").Text(key).Number(context);
        void Number(string key, int value) => commands.Add((key, new AtCommand(Setting(key).Number(value).ToString())));
        void Name(string key, string? value)
        {
            if (value is not null)
            {
                commands.Add((key, new AtCommand(Setting(key).Text(value).ToString())));
            }
        }

        Number("sslversion", (int)settings.Version);
        Number("authmode", (int)settings.AuthMode);
        Number("ignorelocaltime", settings.IgnoreLocalTime ? 1 : 0);
        Number("negotiatetime", (int)settings.NegotiationTimeout.TotalSeconds);
        Name("cacert", settings.CaCertificate);
        Name("clientcert", settings.ClientCertificate);
        Name("clientkey", settings.ClientKey);
        if (settings.ServerNameIndication is { } indicate)
        {
            Number("enableSNI", indicate ? 1 : 0);
        }

        if (settings.KeyPassword is { } password)
        {
            commands.Add(("keypwd", new AtCommand(Setting("keypwd").Text(password, nameof(settings.KeyPassword)).ToString())
            {
                RedactedText = Setting("keypwd").Text("****").ToString(),
            }));
        }

        return commands;
    }
}
