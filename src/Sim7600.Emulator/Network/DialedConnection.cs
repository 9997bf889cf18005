using System.Net;

namespace Sim7600.Emulator.Network;

/// <summary>An open TCP connection and whom it reached.</summary>
internal sealed record DialedConnection(Stream Stream, IPEndPoint Remote);
