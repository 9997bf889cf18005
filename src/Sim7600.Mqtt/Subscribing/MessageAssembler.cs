using System.Text;
using Microsoft.Extensions.Logging;
using Sim7600.Driver.Channel;
using Sim7600.Protocol;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Mqtt.Subscribing;

/// <summary>
/// Puts the messages of one client together from their blocks: RXSTART, RXTOPIC and RXPAYLOAD pieces, RXEND (<c>cmqtt.md</c> 7.1).
/// Everything goes by the counts. A block that is cut short by a reboot or by the next RXSTART, or whose
/// pieces do not end where their counts say, is dropped, never delivered in part.
/// </summary>
internal sealed class MessageAssembler(int clientIndex, ILogger logger)
{
    private readonly byte[] _topic = new byte[CmqttLimits.Topic];
    private byte[] _payload = [];
    private int _topicLength;
    private int _topicTotal;
    private int _payloadLength;
    private bool _open;

    /// <summary>How many messages were dropped because their block was not whole.</summary>
    public long Truncated { get; private set; }

    /// <summary>Takes one unsolicited line.</summary>
    /// <returns>The message that it completes, or null.</returns>
    public MqttMessage? Take(AtUrc urc)
    {
        if (urc.FollowsDamagedData)
        {
            Abandon("bytes of it were lost on the line");
        }

        switch (urc.Kind.Prefix)
        {
            case "RDY":
                Abandon("the modem restarted");
                return null;
            case "+CMQTTRXSTART:" when TryRead(urc, out long topicTotal, out long payloadTotal):
                Abandon("the next message began");
                Begin(topicTotal, payloadTotal);
                return null;
            case "+CMQTTRXTOPIC:" when TryRead(urc, out long length, out _):
                Append(urc, length, _topic, _topicTotal, ref _topicLength);
                return null;
            case "+CMQTTRXPAYLOAD:" when TryRead(urc, out long length, out _):
                Append(urc, length, _payload, _payload.Length, ref _payloadLength);
                return null;
            case "+CMQTTRXEND:" when TryRead(urc, out _, out _):
                return End();
            default:
                return null;
        }
    }

    // Reads the two numbers after the client index, which must be ours.
    private bool TryRead(AtUrc urc, out long first, out long second)
    {
        var reader = new AtParameterReader(Encoding.UTF8.GetBytes(urc.Parameters));
        first = second = 0;
        if (!reader.TryReadNumber(out long index) || index != clientIndex)
        {
            return false;
        }

        if (reader.TryReadNumber(out first))
        {
            _ = reader.TryReadNumber(out second);
        }

        return true;
    }

    private void Begin(long topicTotal, long payloadTotal)
    {
        if (topicTotal is < 1 or > CmqttLimits.Topic || payloadTotal is < 0 or > AtDigester.MostCountedBytes)
        {
            Truncated++;
            logger.MessageDropped(clientIndex, "its header announces an impossible length");
            return;
        }

        _open = true;
        _topicTotal = (int)topicTotal;
        _topicLength = 0;
        _payload = payloadTotal == 0 ? [] : new byte[payloadTotal];
        _payloadLength = 0;
    }

    private void Append(AtUrc urc, long declared, byte[] target, int total, ref int length)
    {
        if (!_open)
        {
            return;
        }

        if (declared != urc.Data.Length || urc.Data.Length > total - length)
        {
            Abandon("a piece does not fit the announced length");
            return;
        }

        urc.Data.Span.CopyTo(target.AsSpan(length));
        length += urc.Data.Length;
    }

    private MqttMessage? End()
    {
        if (!_open)
        {
            return null;
        }

        if (_topicLength != _topicTotal || _payloadLength != _payload.Length)
        {
            Abandon("it ended before the announced length");
            return null;
        }

        _open = false;
        return new MqttMessage(Encoding.UTF8.GetString(_topic.AsSpan(0, _topicLength)), _payload);
    }

    private void Abandon(string why)
    {
        if (_open)
        {
            _open = false;
            Truncated++;
            logger.MessageDropped(clientIndex, why);
        }
    }
}
