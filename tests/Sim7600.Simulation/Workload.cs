using System.Text;

namespace Sim7600.Simulation;

/// <summary>What a node publishes: numbered messages, some of which look like what the wire itself is made of.</summary>
internal static class Workload
{
    public const string Topic = "node/reading";
    public const string CommandTopic = "node/command";

    private static readonly string[] Tricky =
    [
        "\r\nOK\r\n", "\r\n>", "\r\nAT+CMQTTDISC=0,120\r", "\r\n+CMQTTPUB: 0,0\r\n", "\u001a", "\u001b", "\r\n+CMQTTRXEND: 0\r\n", "\r\nRDY\r\n", "\0\0\0", "\"quoted\",1,2",
    ];

    /// <summary>The bytes of message <paramref name="number"/>: the number, a blank, and 0 to 300 bytes more.</summary>
    public static byte[] Payload(int number, Random random)
    {
        var text = new StringBuilder($"{number} ");
        int length = random.Next(10) == 0 ? random.Next(300) : random.Next(40);
        while (text.Length < length)
        {
            text.Append(random.Next(3) == 0 ? Tricky[random.Next(Tricky.Length)] : $"{random.NextDouble():F6};");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The number of a payload; null when it is none of ours.</summary>
    public static int? NumberOf(ReadOnlySpan<byte> payload)
    {
        int blank = payload.IndexOf((byte)' ');
        return blank > 0 && int.TryParse(payload[..blank], out int number) ? number : null;
    }
}
