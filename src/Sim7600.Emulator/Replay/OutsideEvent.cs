using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Sim7600.Emulator.Families;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Replay;

/// <summary>
/// Something outside of the modem that a session shows only by what the modem printed unasked: somebody published, called or
/// wrote, a peer closed, the network went away. A replay lets it happen; what the modem makes of it is the modem's own.
/// </summary>
/// <param name="Note">What happened, for the report.</param>
/// <param name="Happen">Lets it happen; on the modem's loop.</param>
internal sealed partial record OutsideEvent(string Note, Action<VirtualModem> Happen)
{
    /// <summary>Lines after which a modem loses the network by the host's own doing: no event is needed to explain the loss.</summary>
    private static readonly string[] OwnLosses = ["AT+CRESET", "AT+CFUN", "AT+CPOF", "AT+NETCLOSE", "AT+CGATT", "AT+CGACT", "AT+COPS", "AT+CREBOOT", "AT+CMQTTSTOP"];

    /// <summary>Finds the event behind a printed line.</summary>
    /// <param name="steps">The session.</param>
    /// <param name="step">The step that shows the line.</param>
    /// <param name="line">Which of its lines.</param>
    /// <returns>The event, or null when the line tells of none.</returns>
    public static OutsideEvent? Behind(IReadOnlyList<TranscriptStep> steps, int step, int line)
    {
        string[] lines = [.. steps.Skip(step).TakeWhile((each, index) => index == 0 || each.Send is null).SelectMany(each => each.Receive ?? []).Skip(line)];
        string typed = steps.Take(step).LastOrDefault(each => each.Send is not null)?.Send ?? "";
        bool isOwnLoss = OwnLosses.Any(own => typed.StartsWith(own, StringComparison.OrdinalIgnoreCase));
        string shown = lines[0];
        if (Message().Match(shown) is { Success: true } message)
        {
            return Publish(message, lines);
        }

        if (ConnectionLost().Match(shown) is { Success: true } lost)
        {
            int client = Number(lost, 1);
            int cause = Number(lost, 2);
            return cause == 3 ? isOwnLoss ? null : NetworkAway : new($"the broker ended the connection of client {client}", modem => modem.Cmqtt.Clients[client].ConnectionLost(cause));
        }

        if (shown is "+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY" or "+CMQTTNONET")
        {
            return isOwnLoss ? null : NetworkAway;
        }

        if (shown == "RING")
        {
            string caller = lines.Select(each => Caller().Match(each)).FirstOrDefault(match => match.Success)?.Groups[1].Value.Replace('X', '0') ?? "";
            return new("somebody called", modem => modem.Calls.Ring(caller));
        }

        if (Stored().Match(shown) is { Success: true } stored)
        {
            return Deliver(stored.Groups[1].Value, Number(stored, 2), steps.Skip(step).ToArray());
        }

        if (Direct().Match(shown) is { Success: true } direct)
        {
            var arriving = new ShortMessage(
                MessageStatus.ReceivedUnread,
                direct.Groups[1].Value.Replace('X', '0'),
                lines.Length > 1 ? lines[1] : "",
                MessageForm.ReadTime(direct.Groups[2].Value) ?? DateTimeOffset.UnixEpoch);
            return new("a short message came", modem => modem.Messages.Deliver(arriving));
        }

        if (PeerClosed().Match(shown) is { Success: true } closed && Number(closed, 2) == 1)
        {
            int link = Number(closed, 1);
            return new($"the peer of link {link} closed it", modem => modem.Sockets.ClosedByPeer(modem.Sockets.Links[link]));
        }

        if (Pushed().Match(shown) is { Success: true } pushed)
        {
            int length = Number(pushed, 1);
            byte[] data = Encoding.UTF8.GetBytes(string.Join("\r\n", lines.Skip(1)).PadRight(length, '.'))[..length];
            return new($"{length} bytes came", modem =>
            {
                if (modem.Sockets.Links.FirstOrDefault(each => each.IsOpen) is { } link)
                {
                    modem.Sockets.Arrived(link, data, link.Remote ?? new IPEndPoint(IPAddress.Loopback, 0));
                }
            });
        }

        return shown == "SMS DONE" && !isOwnLoss ? new("the card was read anew", modem => modem.ReadSimAnew()) : null;
    }

    private static OutsideEvent NetworkAway { get; } = new("the network took the packet data away", modem => modem.LosePacketData());

    /// <summary>A message of the broker; where its text is left out, what is printed is as long as its header says.</summary>
    private static OutsideEvent? Publish(Match header, string[] lines)
    {
        int client = Number(header, 1);
        int length = Number(header, 3);
        int end = Array.FindIndex(lines, each => each.StartsWith("+CMQTTRXEND", StringComparison.Ordinal));
        string[] block = end < 0 ? lines : lines[..end];
        int topicAt = Array.FindIndex(block, each => each.StartsWith("+CMQTTRXTOPIC", StringComparison.Ordinal)) + 1;
        if (topicAt == 0 || topicAt >= block.Length)
        {
            return null;
        }

        var payload = new StringBuilder();
        for (int i = topicAt + 1; i < block.Length; i++)
        {
            if (Piece().Match(block[i]) is { Success: true } piece)
            {
                string[] data = [.. block.Skip(i + 1).TakeWhile(each => !each.StartsWith("+CMQTTRX", StringComparison.Ordinal))];
                int size = Number(piece, 1);
                string lineEnd = string.Join('\n', data).Length == size ? "\n" : "\r\n";
                payload.Append(string.Join(lineEnd, data).PadRight(size, '.')[..size]);
            }
        }

        byte[] topic = Encoding.UTF8.GetBytes(block[topicAt]);
        byte[] bytes = Encoding.UTF8.GetBytes(payload.ToString().PadRight(length, '.')[..length]);
        return new($"somebody published to {block[topicAt]}", modem => modem.Cmqtt.Clients[client].MessageArrived(topic, bytes));
    }

    /// <summary>A message that is stored at an index: the lower ones are taken, or it would have gone there.</summary>
    private static OutsideEvent Deliver(string memory, int index, TranscriptStep[] later)
    {
        ShortMessage message = new(MessageStatus.ReceivedUnread, "0", "", DateTimeOffset.UnixEpoch);
        int asked = Array.FindIndex(later, each => each.Send?.Replace(" ", "", StringComparison.Ordinal) == $"AT+CMGR={index}");
        string[] shown = asked < 0 ? [] : [.. later.Skip(asked + 1).TakeWhile(each => each.Send is null).SelectMany(each => each.Receive ?? [])];
        if (shown.Length > 1 && Read().Match(shown[0]) is { Success: true } read)
        {
            message = message with
            {
                Address = read.Groups[1].Value.Replace('X', '0'),
                Text = string.Join("\r\n", shown.Skip(1).TakeWhile(each => each != "OK")),
                Time = MessageForm.ReadTime(read.Groups[2].Value) ?? DateTimeOffset.UnixEpoch,
            };
        }

        return new("a short message came", modem =>
        {
            MessageStore store = modem.Messages.StoresOf(memory)[0].Store;
            for (int lower = 0; lower < index; lower++)
            {
                store.Messages.TryAdd(lower, message with { Status = MessageStatus.ReceivedRead });
            }

            modem.Messages.Deliver(message);
        });
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\+CMQTTRXSTART: ([01]),(\d{1,4}),(\d{1,5})$")]
    private static partial Regex Message();

    [GeneratedRegex(@"^\+CMQTTRXPAYLOAD: [01],(\d{1,5})$")]
    private static partial Regex Piece();

    [GeneratedRegex(@"^\+CMQTTCONNLOST: ([01]),([123])$")]
    private static partial Regex ConnectionLost();

    [GeneratedRegex("^\\+CLIP: \"([^\"]*)\"")]
    private static partial Regex Caller();

    [GeneratedRegex("^\\+CMTI: ?\"(SM|ME)\",(\\d{1,2})$")]
    private static partial Regex Stored();

    [GeneratedRegex("^\\+CMT: ?\"([^\"]*)\",\"[^\"]*\",\"([^\"]*)\"")]
    private static partial Regex Direct();

    [GeneratedRegex("^\\+CMGR: \"REC [A-Z]+\",\"([^\"]*)\",\"[^\"]*\",\"([^\"]*)\"")]
    private static partial Regex Read();

    [GeneratedRegex(@"^\+IPCLOSE: (\d),(\d)$")]
    private static partial Regex PeerClosed();

    [GeneratedRegex(@"^\+IPD(\d{1,4})$")]
    private static partial Regex Pushed();
}
