using System.Collections.Frozen;
using System.Text;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Protocol.Urcs;

/// <summary>
/// Every unsolicited line of a SIM7600 that is known, with how many counted bytes follow it. Source: AT command manual
/// V3.00 (each chapter's URC list), <c>core.md</c> 20 and real sessions.
/// </summary>
public static class UrcTable
{
    private static readonly Urc[] Lines =
    [
        new("RDY", "the module has booted") { IsWholeLine = true, IsBootBanner = true },
        new("+CPIN:", "state of the SIM") { SharesPrefixWithAnswer = true },
        new("SMS DONE", "SMS service is ready") { IsWholeLine = true },
        new("PB DONE", "phone book is ready; boot is complete") { IsWholeLine = true },
        new("Autobaud: OK", "line speed found") { IsWholeLine = true },
        new("+SIMCARD: NOT AVAILABLE", "the SIM was removed or released") { IsWholeLine = true },
        new("+CREG:", "circuit-switched registration changed") { SharesPrefixWithAnswer = true },
        new("+CGREG:", "packet registration changed") { SharesPrefixWithAnswer = true },
        new("+CEREG:", "LTE registration changed") { SharesPrefixWithAnswer = true },
        new("+CNSMOD:", "network system mode changed") { SharesPrefixWithAnswer = true },
        new("+CSQ:", "signal quality (AUTOCSQ)") { SharesPrefixWithAnswer = true },
        new("+CPSI:", "periodic system information") { SharesPrefixWithAnswer = true },
        new("+CTZV:", "time zone changed"),
        new("+CGEV:", "packet domain event"),
        new("+CMQTTCONNLOST:", "MQTT connection lost: 1 closed by the server, 2 reset, 3 network closed"),
        new("+CMQTTPING:", "MQTT keep-alive failed"),
        new("+CMQTTNONET", "network gone; the MQTT service must be started again") { IsWholeLine = true },
        new("+CMQTTRXSTART:", "an MQTT message begins: client, topic bytes, payload bytes"),
        new("+CMQTTRXTOPIC:", "a piece of the topic follows") { CountedBytesParameter = 1 },
        new("+CMQTTRXPAYLOAD:", "a piece of the payload follows") { CountedBytesParameter = 1 },
        new("+CMQTTRXEND:", "the MQTT message is complete"),
        new("+CIPEVENT:", "TCP/IP service event"),
        new("+IPCLOSE:", "a socket was closed"),
        new("+CIPRXGET: 1,", "socket data waits"),
        new("+CIPSEND:", "a send is on its way or failed: link, bytes given, bytes sent or -1") { SharesPrefixWithAnswer = true },
        new("+CIPRXGET: 2,", "socket data that was asked for follows: link, bytes, bytes left") { CountedBytesParameter = 1 },
        new("+RECEIVE,", "socket data follows: link, bytes (AT+CIPCCFG header type 1)") { CountedBytesParameter = 1 },
        new("RECV FROM:", "sender of the socket data that follows"),
        new("+IPD", "socket data follows; the count stands right behind the prefix") { CountedBytesParameter = 0 },
        new("+CLIENT:", "a TCP client connected"),
        new("+CCH_PEER_CLOSED:", "a TLS socket was closed by the peer"),
        new("+CCH_RECV_CLOSED:", "a TLS socket was closed while receiving"),
        new("+CCH_RECV_ERROR:", "receiving on a TLS socket failed"),
        new("+CCHRECV: DATA,", "TLS socket data follows, pushed or asked for: session, bytes") { CountedBytesParameter = 1 },
        new("+CCHSEND:", "a TLS send is on its way or failed: session, number") { SharesPrefixWithAnswer = true },
        new("+CCHEVENT:", "TLS socket data waits"),
        new("+HTTP_PEER_CLOSED", "the HTTP server closed the connection") { IsWholeLine = true },
        new("+HTTP_NONET_EVENT", "network gone during HTTP") { IsWholeLine = true },
        new("+CMTI:", "an SMS was stored"),
        new("+CDSI:", "a status report was stored"),
        new("+CUSD:", "USSD answer") { SharesPrefixWithAnswer = true },
        new("+CLIP:", "caller's number") { SharesPrefixWithAnswer = true },
        new("RING", "incoming call") { IsWholeLine = true },
        new("VOICE CALL:", "a voice call began or ended"),
        new("MISSED_CALL:", "a call was missed"),
        new("+CGPS: 0", "GNSS session ended") { IsWholeLine = true, SharesPrefixWithAnswer = true },
        new("+CMTE:", "temperature warning") { SharesPrefixWithAnswer = true },
        new("UNDER-VOLTAGE", "supply voltage too low"),
        new("OVER-VOLTAGE", "supply voltage too high"),
    ];

    private static readonly FrozenDictionary<byte, (byte[] Prefix, Urc Urc)[]> ByFirstByte = Lines
        .Select(urc => (Prefix: Encoding.ASCII.GetBytes(urc.Prefix), Urc: urc))
        .GroupBy(entry => entry.Prefix[0])
        .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>All known unsolicited lines.</summary>
    public static IReadOnlyList<Urc> All => Lines;

    /// <summary>Finds the unsolicited line that a received line is.</summary>
    /// <param name="line">The line without CR LF.</param>
    /// <param name="urc">The table's entry, valid when the answer is true.</param>
    /// <returns>False when no known unsolicited line starts so.</returns>
    public static bool TryMatch(ReadOnlySpan<byte> line, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Urc? urc)
    {
        urc = null;
        if (line.IsEmpty || !ByFirstByte.TryGetValue(line[0], out (byte[] Prefix, Urc Urc)[]? candidates))
        {
            return false;
        }

        foreach ((byte[] prefix, Urc candidate) in candidates)
        {
            if (candidate.IsWholeLine ? line.SequenceEqual(prefix) : line.StartsWith(prefix))
            {
                urc = candidate;
                return true;
            }
        }

        return false;
    }

    /// <summary>How many raw bytes follow the line's CR LF.</summary>
    /// <param name="line">The line without CR LF.</param>
    /// <returns>The count that the line declares; 0 when none follow or the count cannot be read.</returns>
    public static int CountedBytesAfter(ReadOnlySpan<byte> line)
    {
        if (!TryMatch(line, out Urc? urc) || urc.CountedBytesParameter is not { } position)
        {
            return 0;
        }

        var reader = new AtParameterReader(line[urc.Prefix.Length..]);
        for (int skipped = 0; skipped < position; skipped++)
        {
            if (!reader.TryRead(out _))
            {
                return 0;
            }
        }

        // Some firmware ends the line with a colon.
        return reader.TryRead(out AtParameter parameter) && parameter.Kind != AtParameterKind.Text && AtParameter.TryParseNumber(parameter.Value.TrimEnd((byte)':'), out long count) && count is > 0 and <= int.MaxValue ? (int)count : 0;
    }

    /// <summary>
    /// Tells the URC form of <c>+CREG:</c>, <c>+CGREG:</c> and <c>+CEREG:</c> (<c>&lt;stat&gt;[,&lt;lac&gt;,&lt;ci&gt;…]</c>)
    /// from the answer form (<c>&lt;n&gt;,&lt;stat&gt;[,…]</c>): in an answer the second parameter is one digit.
    /// </summary>
    /// <param name="line">The line without CR LF.</param>
    /// <returns>True when the line is a registration URC, false when it is an answer or another line.</returns>
    public static bool IsRegistrationUrc(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("+CREG:"u8) && !line.StartsWith("+CGREG:"u8) && !line.StartsWith("+CEREG:"u8))
        {
            return false;
        }

        var reader = new AtParameterReader(line[(line.IndexOf((byte)':') + 1)..]);
        return reader.TryReadNumber(out _) && (!reader.TryRead(out AtParameter second) || second.Kind != AtParameterKind.Number || second.Value.Length > 1);
    }
}
