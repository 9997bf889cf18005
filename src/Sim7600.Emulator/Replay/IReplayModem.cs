namespace Sim7600.Emulator.Replay;

/// <summary>The modem that a transcript is replayed against.</summary>
internal interface IReplayModem : IAsyncDisposable
{
    /// <summary>Types bytes.</summary>
    Task TypeAsync(byte[] bytes, CancellationToken cancellationToken);

    /// <summary>What was printed since the last look and is here already.</summary>
    Task<string> PrintedAsync(CancellationToken cancellationToken);

    /// <summary>Lets something happen outside of the modem.</summary>
    Task HappenAsync(OutsideEvent happening, CancellationToken cancellationToken);

    /// <summary>Lets time pass until the modem does something by itself.</summary>
    /// <returns>False when nothing will happen any more.</returns>
    Task<bool> WaitAsync(CancellationToken cancellationToken);
}
