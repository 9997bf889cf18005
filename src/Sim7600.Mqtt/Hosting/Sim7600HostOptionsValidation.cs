using Microsoft.Extensions.Options;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Features;

namespace Sim7600.Mqtt.Hosting;

/// <summary>Says what is wrong with the options of one name, by configuration key. No message holds a value that may be a secret.</summary>
internal sealed class Sim7600HostOptionsValidation(string modem, string section) : IValidateOptions<Sim7600HostOptions>
{
    // "60" in a configuration is 60 days; nobody means that.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, Sim7600HostOptions options)
    {
        if (name is not null && name != modem)
        {
            return ValidateOptionsResult.Skip;
        }

        List<string> faults = [];
        CheckNeeded(options, faults);
        CheckTimes(options, faults);
        CheckTls(options, faults);
        CheckSubscriptions(options, faults);
        if (faults.Count == 0)
        {
            CheckRest(options, faults);
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private string Fault(string key, string what) => $"{(section.Length == 0 ? "" : section + ":")}{key}: {what}";

    private void CheckNeeded(Sim7600HostOptions options, List<string> faults)
    {
        foreach ((string key, string? value, string what) in ((string, string?, string)[])
            [(nameof(options.PortName), options.PortName, "give the modem's port: a device path, COM3, tcp://host:port, a UNIX socket, or auto."),
            (nameof(options.Broker), options.Broker, "give the broker's address, such as mqtt://broker.example:1883."),
            (nameof(options.ClientId), options.ClientId, "give an MQTT client id that belongs to this device and stays the same.")])
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                faults.Add(Fault(key, what));
            }
        }

        // What could be a password is not shown.
        if (!string.IsNullOrWhiteSpace(options.Broker))
        {
            if (!Uri.TryCreate(options.Broker, UriKind.Absolute, out Uri? broker))
            {
                faults.Add(Fault(nameof(options.Broker), "this is no address; write mqtt://host:port or mqtts://host:port."));
            }
            else if (MqttConnectOptions.FindSchemeError(broker) is { } error)
            {
                faults.Add(Fault(nameof(options.Broker), error));
            }
        }

        if (options.BaudRate < 1)
        {
            faults.Add(Fault(nameof(options.BaudRate), "a baud rate is 1 or more."));
        }

        if (options.Recovery is null || options.Outbox is null)
        {
            faults.Add(Fault(options.Recovery is null ? nameof(options.Recovery) : nameof(options.Outbox), "this must not be null."));
        }
    }

    private void CheckTimes(Sim7600HostOptions options, List<string> faults)
    {
        foreach ((string key, TimeSpan value) in ((string, TimeSpan)[])
            [(nameof(options.KeepAlive), options.KeepAlive), (nameof(options.PublishTimeout), options.PublishTimeout),
            (nameof(options.DrainTimeout), options.DrainTimeout), (nameof(options.ProbeTimeout), options.ProbeTimeout),
            (nameof(options.SimTimeout), options.SimTimeout), (nameof(options.RegistrationTimeout), options.RegistrationTimeout),
            (nameof(options.BootTimeout), options.BootTimeout), (nameof(options.HeartbeatInterval), options.HeartbeatInterval),
            ("Recovery:FirstDelay", options.Recovery?.FirstDelay ?? default), ("Recovery:LongestDelay", options.Recovery?.LongestDelay ?? default),
            ("Recovery:StableAfter", options.Recovery?.StableAfter ?? default), ("Recovery:PowerCycleTimeout", options.Recovery?.PowerCycleTimeout ?? default),
            ("Outbox:FullTimeout", options.Outbox?.FullTimeout ?? default), ("Outbox:RetryDelay", options.Outbox?.RetryDelay ?? default),
            ("Outbox:RetryDelayMaximum", options.Outbox?.RetryDelayMaximum ?? default)])
        {
            if (value > Longest)
            {
                faults.Add(Fault(key, $"{value} is longer than a day. A time is written hh:mm:ss; a number alone means days."));
            }
        }
    }

    private void CheckTls(Sim7600HostOptions options, List<string> faults)
    {
        bool usesTls = Uri.TryCreate(options.Broker, UriKind.Absolute, out Uri? broker) && broker.Scheme == "mqtts";
        if (broker is not null && MqttConnectOptions.FindSchemeError(broker) is not null)
        {
            // Whether there is TLS is open until the scheme is one that there is.
            return;
        }

        (string Key, string? Path, CertificateKind Kind)[] files =
        [
            (nameof(options.CaFile), Sim7600HostOptions.Given(options.CaFile), CertificateKind.CertificateAuthority),
            (nameof(options.CertFile), Sim7600HostOptions.Given(options.CertFile), CertificateKind.Client),
            (nameof(options.KeyFile), Sim7600HostOptions.Given(options.KeyFile), CertificateKind.ClientKey),
        ];
        if (!usesTls)
        {
            faults.AddRange(from file in files where file.Path is not null select Fault(file.Key, "this is for mqtts://; the broker's address says something else."));
            return;
        }

        if (files[0].Path is null != options.AllowUntrusted)
        {
            faults.Add(Fault(nameof(options.CaFile), options.AllowUntrusted
                ? "AllowUntrusted checks nothing, so this would have no effect: give one of the two."
                : "mqtts:// needs the certificate of the authority that signed the broker's; the modem has none of its own. For tests, AllowUntrusted checks nothing."));
        }

        if (files[1].Path is null != files[2].Path is null)
        {
            faults.Add(Fault(files[files[1].Path is null ? 1 : 2].Key, "CertFile and KeyFile go together: give both or neither."));
        }

        foreach ((string key, string? path, CertificateKind kind) in files)
        {
            if (path is not null && FaultOf(path, kind) is { } fault)
            {
                faults.Add(Fault(key, fault));
            }
        }
    }

    private static string? FaultOf(string path, CertificateKind kind)
    {
        try
        {
            _ = CertificateFile.Create(File.ReadAllBytes(path), kind);
            return null;
        }
        catch (ArgumentException error)
        {
            return Sentence(error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return $"the file {path} cannot be read: {error.Message}";
        }
    }

    private void CheckSubscriptions(Sim7600HostOptions options, List<string> faults)
    {
        for (int index = 0; index < options.Subscriptions.Count; index++)
        {
            Sim7600HostSubscription subscription = options.Subscriptions[index];
            if (MqttTopic.FindFilterError(subscription.Filter ?? "") is { } error)
            {
                faults.Add(Fault($"{nameof(options.Subscriptions)}:{index}:{nameof(subscription.Filter)}", error));
            }

            if (!Enum.IsDefined(subscription.QualityOfService))
            {
                faults.Add(Fault($"{nameof(options.Subscriptions)}:{index}:{nameof(subscription.QualityOfService)}", "a QoS is 0, 1 or 2."));
            }
        }

        if (options.Will is { } will && !Enum.IsDefined(will.QualityOfService))
        {
            faults.Add(Fault($"{nameof(options.Will)}:{nameof(will.QualityOfService)}", "a QoS is 0, 1 or 2."));
        }
    }

    // What the client itself refuses, with its own words. Each part names its first fault.
    private void CheckRest(Sim7600HostOptions options, List<string> faults)
    {
        ManagedMqttOptions managed;
        try
        {
            managed = options.ToManaged(new AtChannelOptions());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            faults.Add(Fault(nameof(options.CaFile), $"a certificate file cannot be read: {error.Message}"));
            return;
        }

        Check(managed.Modem.Recovery.Validate, key => $"{nameof(options.Recovery)}:{key}");
        Check(managed.Outbox.Validate, key => $"{nameof(options.Outbox)}:{key}");
        Check(managed.Connection.Validate, KeyOfConnection);
        if (faults.Count == 0)
        {
            Check(managed.Validate, key => key);
        }

        void Check(Action validate, Func<string, string> keyOf)
        {
            try
            {
                validate();
            }
            catch (ArgumentException error)
            {
                faults.Add(Fault(keyOf(error.ParamName ?? ""), Sentence(error)));
            }
        }
    }

    // The names of the arguments that the connection's parts are checked as.
    private static string KeyOfConnection(string argument) => argument switch
    {
        "userName" => nameof(Sim7600HostOptions.UserName),
        "password" => nameof(Sim7600HostOptions.Password),
        "address" => nameof(Sim7600HostOptions.Broker),
        "topic" or "message" => nameof(Sim7600HostOptions.Will),
        "KeyPassword" or "tls" => nameof(Sim7600HostOptions.KeyPassword),
        "options" => nameof(Sim7600HostOptions.CaFile),
        _ => argument,
    };

    private static string Sentence(ArgumentException error)
    {
        int end = error.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }
}
