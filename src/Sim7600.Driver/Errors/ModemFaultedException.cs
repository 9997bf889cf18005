namespace Sim7600.Driver;

/// <summary>A supervised modem stopped trying, because what failed needs a person; or it was stopped by this program.</summary>
public sealed class ModemFaultedException : Exception
{
    internal ModemFaultedException(string message)
        : base(message)
    {
    }
}
