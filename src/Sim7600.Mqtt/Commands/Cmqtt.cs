using System.Globalization;
using System.Text;
using Sim7600.Driver;
using Sim7600.Driver.Channel;
using Sim7600.Protocol;
using Sim7600.Protocol.Grammar;
using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt.Commands;

/// <summary>
/// The AT+CMQTT* commands, typed, over one lease. Each checks its arguments before anything is sent, counts in bytes, takes result line
/// and final result in either order, and gives the modem's number as the verdict (<c>cmqtt.md</c> 3.5 and 5).
/// </summary>
/// <remarks>
/// All methods throw <see cref="AtException"/> when there is no verdict (time-out, line lost, modem restarted), <see cref="ArgumentException"/>
/// for what the wire cannot carry, and <see cref="OperationCanceledException"/>. A refusal is an answer, not an exception; a bare
/// <c>ERROR</c> is <see cref="CmqttResult.Unspecified"/>.
/// </remarks>
public sealed class Cmqtt
{
    /// <summary>How long a network command may take: the documented 120 s with slack (<c>cmqtt.md</c> 12).</summary>
    public static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(CmqttLimits.MaximumResponseSeconds + 10);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly AtLease _lease;

    /// <summary>Uses a lease.</summary>
    /// <param name="lease">The lease; the caller keeps it and disposes it.</param>
    public Cmqtt(AtLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        _lease = lease;
    }

    /// <summary>Starts the service, which opens the packet data context. 23 means that it is started already.</summary>
    /// <param name="cancellationToken">Gives up; the service may start nevertheless.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> StartAsync(CancellationToken cancellationToken) =>
        RunAsync(new AtCommand("AT+CMQTTSTART") { Timeout = NetworkTimeout, ResultLine = new("+CMQTTSTART:") }, cancellationToken);

    /// <summary>Stops the service. 9 means that it is not started, 21 that a client is still acquired.</summary>
    /// <param name="cancellationToken">Gives up; the service may stop nevertheless.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> StopAsync(CancellationToken cancellationToken) =>
        RunAsync(new AtCommand("AT+CMQTTSTOP") { Timeout = NetworkTimeout, ResultLine = new("+CMQTTSTOP:") }, cancellationToken);

    /// <summary>Acquires a client. 19 means that it is acquired already, by us before a restart or by another program.</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="clientId">The MQTT client id, 1 to 128 bytes.</param>
    /// <param name="tls">True for server type 1: CONNECT then does TLS, with the address still <c>tcp://</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> AcquireAsync(int index, string clientId, bool tls, CancellationToken cancellationToken)
    {
        EnsureLength(clientId, CmqttLimits.ClientId, "client id", nameof(clientId));
        AtCommandWriter writer = new AtCommandWriter("+CMQTTACCQ").Number(Index(index)).Text(clientId, nameof(clientId));
        if (tls)
        {
            writer.Number(1);
        }

        return RunAsync(new AtCommand(writer.ToString()) { ResultLine = OnFailure("+CMQTTACCQ:", index) }, cancellationToken);
    }

    /// <summary>Chooses the SSL context of a client. The modem forgets it with each failed connect and each disconnect (<c>cmqtt.md</c> 5.5).</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="context">The SSL context, 0 to 9.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> SslContextAsync(int index, int context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(context, CmqttLimits.SslContexts);
        string text = new AtCommandWriter("+CMQTTSSLCFG").Number(Index(index)).Number(context).ToString();
        return RunAsync(new AtCommand(text) { ResultLine = OnFailure("+CMQTTSSLCFG:", index) }, cancellationToken);
    }

    /// <summary>Releases a client. 20 means that it was free; some firmware says OK then (<c>field-notes.md</c> 5).</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> ReleaseAsync(int index, CancellationToken cancellationToken) =>
        RunAsync(
            new AtCommand(new AtCommandWriter("+CMQTTREL").Number(Index(index)).ToString()) { Timeout = NetworkTimeout, ResultLine = OnFailure("+CMQTTREL:", index) },
            cancellationToken);

    /// <summary>Sets the will's topic; set the message too, and both before each connect.</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="topic">The topic, 1 to 1024 bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> WillTopicAsync(int index, string topic, CancellationToken cancellationToken)
    {
        byte[] bytes = TopicBytes(topic, nameof(topic));
        return RunAsync(Data("+CMQTTWILLTOPIC", index, bytes, []), cancellationToken);
    }

    /// <summary>Sets the will's message. There is no retain flag (<c>cmqtt.md</c> 1).</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="message">The message, 1 to 1024 bytes.</param>
    /// <param name="qos">0 to 2.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> WillMessageAsync(int index, ReadOnlyMemory<byte> message, int qos, CancellationToken cancellationToken)
    {
        EnsureLength(message.Length, 1, CmqttLimits.WillMessage, "will message", nameof(message));
        return RunAsync(Data("+CMQTTWILLMSG", index, message, [Qos(qos)]), cancellationToken);
    }

    /// <summary>Connects to a broker. The password reaches no log and no exception. 13 means that the client is connected already.</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="address"><c>tcp://host:port</c>, 9 to 256 bytes.</param>
    /// <param name="keepAliveSeconds">1 to 64800.</param>
    /// <param name="cleanSession">False keeps the broker's session.</param>
    /// <param name="userName">1 to 256 bytes; null for none.</param>
    /// <param name="password">1 to 256 bytes; null for none. It needs a user name.</param>
    /// <param name="timeout">How long to wait for the verdict; null for <see cref="NetworkTimeout"/>.</param>
    /// <param name="cancellationToken">Gives up; the modem may connect nevertheless.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> ConnectAsync(
        int index, string address, int keepAliveSeconds, bool cleanSession, string? userName, string? password, TimeSpan? timeout, CancellationToken cancellationToken) =>
        RunAsync(ConnectCommand(index, address, keepAliveSeconds, cleanSession, userName, password, timeout ?? NetworkTimeout), cancellationToken);

    /// <summary>Disconnects orderly, so that the broker does not publish the will. 11 means that the client was not connected.</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="timeoutSeconds">0 for none, or 60 to 180: what the modem allows itself.</param>
    /// <param name="cancellationToken">Gives up; the modem may disconnect nevertheless.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> DisconnectAsync(int index, int timeoutSeconds, CancellationToken cancellationToken) =>
        RunAsync(
            new AtCommand(new AtCommandWriter("+CMQTTDISC").Number(Index(index)).Number(timeoutSeconds).ToString())
            {
                Timeout = NetworkTimeout,
                ResultLine = new("+CMQTTDISC:") { FirstParameter = index },
            },
            cancellationToken);

    /// <summary>Asks whether a client is connected, which also answers when a connect result was lost (<c>field-notes.md</c> 10).</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True when connected; false when not, and when the service is not started.</returns>
    public async Task<bool> IsConnectedAsync(int index, CancellationToken cancellationToken) =>
        await ConnectedSinceAsync(index, cancellationToken).ConfigureAwait(false) is not null;

    internal async Task<long?> ConnectedSinceAsync(int index, CancellationToken cancellationToken)
    {
        try
        {
            AtReply reply = await _lease.ExecuteAsync(AtCommand.Query("AT+CMQTTDISC?", "+CMQTTDISC:"), cancellationToken).ConfigureAwait(false);
            string connected = string.Create(CultureInfo.InvariantCulture, $"+CMQTTDISC: {Index(index)},0");
            return reply.Lines.Contains(connected, StringComparer.Ordinal) ? reply.Sequence : null;
        }
        catch (AtErrorException)
        {
            // Fielded clients take ERROR as not connected (transcript 050).
            return null;
        }
    }

    /// <summary>Is the client acquired with this id and server type? False also where the modem does not tell.</summary>
    internal async Task<bool> IsAcquiredAsAsync(int index, string clientId, bool tls, CancellationToken cancellationToken)
    {
        List<string> read = await ReadBackAsync("AT+CMQTTACCQ?", "+CMQTTACCQ:", index, isSensitive: false, cancellationToken).ConfigureAwait(false);
        return read.Count >= 2 && read[0] == clientId && read[1] == (tls ? "1" : "0");
    }

    /// <summary>Is the client connected with these options? False also where the modem does not tell.</summary>
    internal async Task<bool> IsConnectedAsAsync(int index, MqttConnectOptions options, CancellationToken cancellationToken)
    {
        List<string> read = await ReadBackAsync("AT+CMQTTCONNECT?", "+CMQTTCONNECT:", index, isSensitive: true, cancellationToken).ConfigureAwait(false);
        string Part(int place) => read.Count > place ? read[place] : "";
        return Part(0) == options.Address
            && Part(1) == options.KeepAliveSeconds.ToString(CultureInfo.InvariantCulture)
            && Part(2) == (options.CleanSession ? "1" : "0")
            && Part(3) == (options.UserName ?? "")
            && Part(4) == (options.Password ?? "");
    }

    // The parameters after the index, of the line about this client; none where the modem refuses or says something else.
    private async Task<List<string>> ReadBackAsync(string command, string prefix, int index, bool isSensitive, CancellationToken cancellationToken)
    {
        List<string> values = [];
        try
        {
            AtCommand query = AtCommand.Query(command, prefix) with { RedactedText = isSensitive ? command : null };
            AtReply reply = await _lease.ExecuteAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (string line in reply.Lines)
            {
                var reader = new AtParameterReader(Encoding.UTF8.GetBytes(line[prefix.Length..]));
                if (!reader.TryReadNumber(out long client) || client != index)
                {
                    continue;
                }

                while (reader.TryRead(out AtParameter parameter))
                {
                    values.Add(parameter.ToString());
                }

                return reader.IsMalformed ? [] : values;
            }
        }
        catch (AtErrorException)
        {
            // Then nobody can tell.
        }

        return values;
    }

    /// <summary>Sets the topic of the next publish, which consumes it.</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="topic">The topic, 1 to 1024 bytes, without wildcards.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> TopicAsync(int index, string topic, CancellationToken cancellationToken) =>
        RunAsync(Data("+CMQTTTOPIC", index, PublishTopicBytes(topic, nameof(topic)), []), cancellationToken);

    /// <summary>Sets the payload of the next publish, which consumes it. Leave it out for an empty message.</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="payload">1 to 10,240 bytes, whatever they are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> PayloadAsync(int index, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        EnsureLength(payload.Length, 1, CmqttLimits.Payload, "payload", nameof(payload));
        return RunAsync(Data("+CMQTTPAYLOAD", index, payload, []), cancellationToken);
    }

    /// <summary>Publishes what TOPIC and PAYLOAD have set. The verdict comes with PUBACK (QoS 1) or PUBCOMP (QoS 2).</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="qos">0 to 2.</param>
    /// <param name="timeoutSeconds">How long the modem waits for the broker, 60 to 180.</param>
    /// <param name="retain">True to let the broker keep the message.</param>
    /// <param name="cancellationToken">Gives up; the message may be delivered nevertheless.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> PublishAsync(int index, int qos, int timeoutSeconds, bool retain, CancellationToken cancellationToken)
    {
        AtCommandWriter writer = new AtCommandWriter("+CMQTTPUB").Number(Index(index)).Number(Qos(qos)).Number(timeoutSeconds);
        if (retain)
        {
            writer.Number(1);
        }

        TimeSpan own = TimeSpan.FromSeconds(timeoutSeconds + 10);
        return RunAsync(
            new AtCommand(writer.ToString())
            {
                Timeout = own > NetworkTimeout ? own : NetworkTimeout,
                ResultLine = new("+CMQTTPUB:") { FirstParameter = index, MayComeLate = true },
            },
            cancellationToken);
    }

    /// <summary>Subscribes to one filter, in the direct form, which leaves nothing cached in the modem when it fails.</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="filter">The topic filter, 1 to 1024 bytes; <c>+</c> and <c>#</c> are wildcards.</param>
    /// <param name="qos">0 to 2.</param>
    /// <param name="cancellationToken">Gives up; the modem may subscribe nevertheless.</param>
    /// <returns>The answer. The granted QoS is not reported (<c>cmqtt.md</c> 5.14).</returns>
    public Task<CmqttAnswer> SubscribeAsync(int index, string filter, int qos, CancellationToken cancellationToken) =>
        RunAsync(DataWithResult("+CMQTTSUB", index, FilterBytes(filter, nameof(filter)), Qos(qos)), cancellationToken);

    /// <summary>Unsubscribes from one filter.</summary>
    /// <param name="index">The client, 0 or 1.</param>
    /// <param name="filter">The filter as subscribed.</param>
    /// <param name="cancellationToken">Gives up; the modem may unsubscribe nevertheless.</param>
    /// <returns>The answer.</returns>
    public Task<CmqttAnswer> UnsubscribeAsync(int index, string filter, CancellationToken cancellationToken) =>
        RunAsync(DataWithResult("+CMQTTUNSUB", index, FilterBytes(filter, nameof(filter)), 0), cancellationToken);

    internal static AtCommand ConnectCommand(
        int index, string address, int keepAliveSeconds, bool cleanSession, string? userName, string? password, TimeSpan timeout)
    {
        EnsureLength(address, CmqttLimits.ServerAddress, "broker address", nameof(address));
        ArgumentOutOfRangeException.ThrowIfLessThan(keepAliveSeconds, CmqttLimits.KeepAliveMinimum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keepAliveSeconds, CmqttLimits.KeepAlive);
        string Build(string? shownPassword)
        {
            AtCommandWriter writer = new AtCommandWriter("+CMQTTCONNECT")
                .Number(Index(index)).Text(address, nameof(address)).Number(keepAliveSeconds).Number(cleanSession ? 1 : 0);
            if (userName is not null)
            {
                writer.Text(userName, nameof(userName));
                if (shownPassword is not null)
                {
                    writer.Text(shownPassword, nameof(password));
                }
            }

            return writer.ToString();
        }

        if (userName is not null)
        {
            EnsureLength(userName, CmqttLimits.UserName, "user name", nameof(userName));
        }

        if (password is not null)
        {
            if (userName is null)
            {
                throw new ArgumentException("A password needs a user name: AT+CMQTTCONNECT has no way to send it alone.", nameof(password));
            }

            EnsureLength(password, CmqttLimits.Password, "password", nameof(password));
        }

        string text = Build(password);
        int length = Encoding.UTF8.GetByteCount(text) - 2;
        if (length > AtLimits.CommandLine)
        {
            throw new ArgumentException(
                $"Broker address, user name and password make a command of {length} bytes after AT; the modem takes {AtLimits.CommandLine}. Shorten them.", nameof(address));
        }

        return new AtCommand(text)
        {
            RedactedText = password is null ? null : Build("****"),
            Timeout = timeout,
            ResultLine = new("+CMQTTCONNECT:") { FirstParameter = index },
        };
    }

    internal static byte[] PublishTopicBytes(string topic, string argumentName)
    {
        byte[] bytes = TopicBytes(topic, argumentName);
        int wildcard = topic.AsSpan().IndexOfAny('+', '#');
        return wildcard < 0
            ? bytes
            : throw new ArgumentException($"The wildcard {topic[wildcard]} at position {wildcard} is for subscriptions; a message has one topic.", argumentName);
    }

    internal static byte[] FilterBytes(string filter, string argumentName)
    {
        byte[] bytes = TopicBytes(filter, argumentName);
        if (MqttTopic.FindWildcardError(filter) is { } error)
        {
            throw new ArgumentException(error, argumentName);
        }

        return bytes;
    }

    internal static byte[] TopicBytes(string topic, string argumentName)
    {
        ArgumentNullException.ThrowIfNull(topic, argumentName);
        byte[] bytes = EncodeStrictly(topic, argumentName);
        int nul = bytes.IndexOf((byte)0);
        if (nul >= 0)
        {
            throw new ArgumentException("A topic must not hold the character NUL (U+0000): MQTT forbids it (3.1.1, 1.5.3). Remove it.", argumentName);
        }

        EnsureLength(bytes.Length, 1, CmqttLimits.Topic, "topic", argumentName);
        return bytes;
    }

    internal static void EnsureLength(string text, int maximum, string what, string argumentName)
    {
        ArgumentNullException.ThrowIfNull(text, argumentName);
        AtCommandWriter.EnsureCarriable(text, argumentName);
        EnsureLength(EncodeStrictly(text, argumentName).Length, 1, maximum, what, argumentName);
    }

    internal static void EnsureLength(int length, int minimum, int maximum, string what, string argumentName)
    {
        if (length < minimum || length > maximum)
        {
            throw new ArgumentException($"The {what} has {length} bytes; the modem takes {minimum} to {maximum}.", argumentName);
        }
    }

    private static byte[] EncodeStrictly(string text, string argumentName)
    {
        try
        {
            return StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"The character at position {exception.Index} is half of a surrogate pair and has no UTF-8 form.", argumentName);
        }
    }

    private static AtResultLine OnFailure(string prefix, int index) => new(prefix) { FirstParameter = index, OnlyOnFailure = true };

    private static AtCommand Data(string name, int index, ReadOnlyMemory<byte> data, ReadOnlySpan<int> more) =>
        new(WithLength(name, index, data.Length, more)) { Data = data, ResultLine = OnFailure(name + ":", index) };

    private static AtCommand DataWithResult(string name, int index, ReadOnlyMemory<byte> data, int last) =>
        new(WithLength(name, index, data.Length, [last])) { Data = data, Timeout = NetworkTimeout, ResultLine = new(name + ":") { FirstParameter = index } };

    private static string WithLength(string name, int index, int length, ReadOnlySpan<int> more)
    {
        AtCommandWriter writer = new AtCommandWriter(name).Number(Index(index)).Number(length);
        foreach (int number in more)
        {
            writer.Number(number);
        }

        return writer.ToString();
    }

    private static int Index(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, CmqttLimits.Clients);
        return index;
    }

    private static int Qos(int qos)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(qos);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(qos, 2);
        return qos;
    }

    private async Task<CmqttAnswer> RunAsync(AtCommand command, CancellationToken cancellationToken)
    {
        try
        {
            AtReply reply = await _lease.ExecuteAsync(command, cancellationToken).ConfigureAwait(false);
            CmqttResult result = reply.ResultLine is null
                ? reply.Final.IsSuccess ? CmqttResult.FromNumber(0) : CmqttResult.Unspecified
                : Verdict(reply, command.ResultLine!);
            if (result.Code == CmqttResultCode.ReceiveFailed)
            {
                // A refused SUB was seen to be followed by one OK too many (field-notes.md 11).
                _lease.Channel.RequestSynchronisation();
            }

            return new CmqttAnswer(result, reply.Sequence);
        }
        catch (AtErrorException)
        {
            return new CmqttAnswer(CmqttResult.Unspecified, 0);
        }
    }

    private static CmqttResult Verdict(AtReply reply, AtResultLine line)
    {
        var reader = new AtParameterReader(Encoding.UTF8.GetBytes(reply.ResultLine![line.Prefix.Length..]));
        long number = -1;
        bool read = reader.TryReadNumber(out long first);
        if (read)
        {
            number = line.FirstParameter is null ? first : reader.TryReadNumber(out long second) ? second : -1;
        }

        // A number that cannot be read is never success, nor is 0 beside ERROR.
        bool contradicts = number == 0 && !reply.Final.IsSuccess;
        return number < 0 || number > int.MaxValue || contradicts ? CmqttResult.Unreadable : CmqttResult.FromNumber((int)number);
    }
}
