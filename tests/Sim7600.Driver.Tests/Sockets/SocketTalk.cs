using System.Text;
using Sim7600.Driver.Features;
using Sim7600.Driver.Sockets;
using Sim7600.Driver.Tests.Channel;

namespace Sim7600.Driver.Tests.Sockets;

/// <summary>A conversation about sockets.</summary>
internal sealed class SocketTalk : IAsyncDisposable
{
    public const string Ok = "\r\nOK\r\n";

    public SocketTalk(bool byteByByte = false)
    {
        Talk = new Conversation(byteByByte);
        var ssl = new SslFeature(Talk.Channel);
        Sockets = new SocketsFeature(Talk.Channel, new CertificatesFeature(Talk.Channel), ssl);
    }

    public Conversation Talk { get; }

    public Sim7600.Conversations.ScriptedModem Modem => Talk.Modem;

    public SocketsFeature Sockets { get; }

    public static SocketOptions Push { get; } = new() { ReceiveMode = SocketReceiveMode.Push };

    /// <summary>Opens link 0 of a modem that was just switched on.</summary>
    public async Task<SocketStream> OpensTcp(SocketOptions? options = null)
    {
        Task<SocketStream> opening = Sockets.OpenTcpAsync("host.example", 1883, options);
        if (options?.ReceiveMode == SocketReceiveMode.Push)
        {
            await Modem.Answers("AT+CIPCCFG?\r", "\r\n+CIPCCFG: 10,0,0,1,0,0,500\r\n" + Ok);
            await Modem.Answers("AT+CIPCCFG=10,0,0,1,1,0,500\r", Ok);
            await Modem.Answers("AT+CIPHEAD=1\r", Ok);
        }

        await Modem.Answers("AT+NETOPEN\r", Ok + "\r\n+NETOPEN: 0\r\n");
        await Modem.Answers(options?.ReceiveMode == SocketReceiveMode.Push ? "AT+CIPRXGET=0\r" : "AT+CIPRXGET=1\r", Ok);
        await Modem.Answers("AT+CIPOPEN=0,\"TCP\",\"host.example\",1883\r", Ok + "\r\n+CIPOPEN: 0,0\r\n");
        return await opening;
    }

    /// <summary>Opens link 0 of a modem whose network service broke down.</summary>
    public async Task<SocketStream> OpensTcpAfterNetClose()
    {
        Task<SocketStream> opening = Sockets.OpenTcpAsync("host.example", 1883);
        await Modem.Answers("AT+NETCLOSE\r", Ok + "\r\n+NETCLOSE: 0\r\n");
        await Modem.Answers("AT+NETOPEN\r", Ok + "\r\n+NETOPEN: 0\r\n");
        await Modem.Answers("AT+CIPRXGET=1\r", Ok);
        await Modem.Answers("AT+CIPOPEN=0,\"TCP\",\"host.example\",1883\r", Ok + "\r\n+CIPOPEN: 0,0\r\n");
        return await opening;
    }

    /// <summary>Reads exactly so many bytes.</summary>
    public static async Task<string> Reads(Stream stream, int count)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    public static async Task<int> ReadsEnd(Stream stream) => await stream.ReadAsync(new byte[100]);

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>Closes the socket.</summary>
    public async Task Closes(SocketStream socket, string command, string answer)
    {
        Task closing = socket.DisposeAsync().AsTask();
        await Modem.Answers(command, answer);
        await closing;
    }

    public ValueTask DisposeAsync() => Talk.DisposeAsync();
}
