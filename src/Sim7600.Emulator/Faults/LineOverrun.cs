namespace Sim7600.Emulator.Faults;

/// <summary>
/// The host's receiver overruns: what arrives while the client of a PTY has left more bytes unread than its receiver holds, for
/// longer than a given time, is lost. It lasts. It does nothing where unread bytes cannot be seen: on sockets, on serial devices,
/// and on a PTY whose client has locked it, unless the emulator runs as root.
/// </summary>
/// <param name="Holds">Bytes that the receiver holds, 1 to 4000: 1 for a data register without FIFO.</param>
/// <param name="ByteTimes">For how many bytes' time the client may leave more, 1 to 100 000; a clock of the system sees whole milliseconds.</param>
public sealed record LineOverrun(int Holds = 1, int ByteTimes = 1) : Fault;
