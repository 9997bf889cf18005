using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using MQTTnet.Protocol;
using Sim7600.Cli.Output;
using Sim7600.Driver;
using Sim7600.Mqtt;
using Sim7600.Mqtt.Session;
using Sim7600.Protocol;

namespace Sim7600.Cli.Host;

/// <summary><c>sim7600 pub</c>: publishes a text, a file, or each line of stdin through a modem's own MQTT client.</summary>
internal static class PubCommand
{
    private static readonly HostOptions Shared = new();
    private static readonly Option<string> Topic = new("-t", "--topic") { Description = "the topic", HelpName = "TOPIC", Required = true };
    private static readonly Option<string?> Message = new("-m", "--message") { Description = "the payload as text", HelpName = "TEXT" };
    private static readonly Option<string?> File = new("-f", "--file") { Description = "the payload is this file's bytes", HelpName = "FILE" };
    private static readonly Option<bool> Lines = new("-l", "--stdin-line") { Description = "each line of stdin is a message, as its bytes are" };
    private static readonly Option<bool> Empty = new("-n", "--null-message") { Description = "an empty payload" };
    private static readonly Option<bool> Retain = new("-r", "--retain") { Description = "retain the message" };
    private static readonly Option<string?> Outbox = new("--outbox")
    {
        Description = "keep messages in this file until the broker has them, over any loss; what an earlier run left goes first",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command("pub", "Publish through a modem.");
        Shared.AddModemTo(command);
        Shared.AddBrokerTo(command);
        foreach (Option option in new Option[] { Topic, Message, File, Lines, Empty, Retain, Outbox })
        {
            command.Options.Add(option);
        }

        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool lines = parsed.GetValue(Lines);
        int sources = new[] { parsed.GetValue(Message) is not null, parsed.GetValue(File) is not null, lines, parsed.GetValue(Empty) }.Count(given => given);
        if (sources != 1)
        {
            throw new UsageException("pub takes exactly one of -m TEXT, -f FILE, -l (lines of stdin) and -n (empty).");
        }

        string topic = parsed.GetValue(Topic)!;
        if (MqttTopic.FindTopicError(topic) is { } fault)
        {
            throw new UsageException($"-t: {fault}");
        }

        MqttQualityOfServiceLevel qos = Shared.QosOf(parsed);
        MqttConnectOptions options = Shared.Connection(parsed);
        byte[]? single = lines ? null : await PayloadAsync(parsed, cancellationToken);
        if (single is { Length: > CmqttLimits.Payload })
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"The message has {single.Length} bytes; the modem takes {CmqttLimits.Payload} at most."));
        }

        if (parsed.GetValue(Outbox) is { } outbox)
        {
            var kept = new OutboxPublication(
                parsed.GetValue(Shared.Modem)!, Shared.RegistrationLimit(parsed), options, outbox, topic, qos, parsed.GetValue(Retain), parsed.GetValue(Shared.Json));
            return single is not null
                ? await kept.SendAsync(single, cancellationToken)
                : await kept.SendAsync(InputLines.Read(Console.OpenStandardInput(), CmqttLimits.Payload), CmqttLimits.Payload, cancellationToken);
        }

        await using Sim7600Modem modem = await Shared.OpenRegisteredAsync(parsed, cancellationToken);
        await using Sim7600MqttClient mqtt = await modem.ConnectMqttAsync(options, cancellationToken);
        var publication = new Publication(mqtt, topic, qos, parsed.GetValue(Retain), parsed.GetValue(Shared.Json));
        return single is not null
            ? await publication.SendAsync(single, null, cancellationToken) ? ExitCode.Done : ExitCode.Failed
            : await SendLinesAsync(publication, cancellationToken);
    }

    private static async Task<int> SendLinesAsync(Publication publication, CancellationToken cancellationToken)
    {
        ChannelReader<byte[]> lines = InputLines.Read(Console.OpenStandardInput(), CmqttLimits.Payload);
        for (int number = 1; ; number++)
        {
            Task<bool> more = lines.WaitToReadAsync(cancellationToken).AsTask();
            if (await Task.WhenAny(more, publication.Mqtt.ConnectionLost) != more)
            {
                MqttConnectionLoss loss = await publication.Mqtt.ConnectionLost;
                throw new CommandFailedException(string.Create(
                    CultureInfo.InvariantCulture, $"The connection to the broker ended before line {number}: {loss.Description}. Lines before it are done; connect again for the rest."));
            }

            if (!await more || !lines.TryRead(out byte[]? line))
            {
                return ExitCode.Done;
            }

            if (line.Length > CmqttLimits.Payload)
            {
                throw new CommandFailedException(string.Create(
                    CultureInfo.InvariantCulture, $"Line {number} has more than {CmqttLimits.Payload} bytes, which is the most that the modem takes. Lines before it are done; it and all after it are not sent."));
            }

            try
            {
                if (!await publication.SendAsync(line, number, cancellationToken))
                {
                    return ExitCode.Failed;
                }
            }
            catch (MqttConnectionLostException lost)
            {
                throw new CommandFailedException(string.Create(
                    CultureInfo.InvariantCulture, $"Line {number} was not sent: {lost.Message} Lines before it are done."));
            }
        }
    }

    private static async Task<byte[]> PayloadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(File) is { } path)
        {
            try
            {
                return await System.IO.File.ReadAllBytesAsync(path, cancellationToken);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailedException($"The file {path} cannot be read: {Failure.ReasonOf(error, path)}.");
            }
        }

        return Encoding.UTF8.GetBytes(parsed.GetValue(Message) ?? "");
    }

    private sealed record Publication(Sim7600MqttClient Mqtt, string Topic, MqttQualityOfServiceLevel Qos, bool Retain, bool Json)
    {
        /// <summary>Publishes and tells the outcome.</summary>
        /// <returns>True when the message was delivered.</returns>
        public async Task<bool> SendAsync(byte[] payload, int? line, CancellationToken cancellationToken)
        {
            PublishOutcome outcome;
            try
            {
                outcome = await Mqtt.PublishAsync(Topic, payload, Qos, Retain, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Tell(PublishStatus.Unknown, payload.Length, line, null, "interrupted while it was being published");
                throw;
            }

            Tell(outcome.Status, payload.Length, line, outcome.Result?.Number, outcome.Reason);
            if (!outcome.IsDelivered)
            {
                string which = line is null ? "the message" : string.Create(CultureInfo.InvariantCulture, $"line {line}");
                string what = outcome.Status == PublishStatus.Refused
                    ? $"Publishing {which} was refused, it was not sent"
                    : $"The outcome of publishing {which} is unknown, it may have arrived or not";
                await Console.Error.WriteLineAsync($"sim7600: {what}: {OneLine.Of(outcome.Reason).TrimEnd('.')}.");
            }

            return outcome.IsDelivered;
        }

        private void Tell(PublishStatus status, int bytes, int? line, int? code, string reason)
        {
            if (!Json)
            {
                return;
            }

            var told = new JsonObject { ["event"] = status.ToString().ToLowerInvariant() };
            if (line is not null)
            {
                told["line"] = line;
            }

            told["topic"] = Topic;
            told["bytes"] = bytes;
            told["qos"] = (int)Qos;
            if (status != PublishStatus.Delivered)
            {
                told["code"] = code;
                told["reason"] = reason;
            }

            JsonLines.Write(told);
        }
    }
}
