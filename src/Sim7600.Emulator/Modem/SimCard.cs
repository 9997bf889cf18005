namespace Sim7600.Emulator.Modem;

/// <summary>The SIM card: lock state and the counters of wrong codes (3GPP TS 27.007, 8.3; <c>core.md</c> 5).</summary>
internal sealed class SimCard
{
    private const int PinTries = 3;
    private const int PukTries = 10;

    /// <summary>The card's lock state; the counters are kept when it changes.</summary>
    public SimState State { get; set; } = SimState.Ready;

    /// <summary>True from power-on until the card was read.</summary>
    public bool IsBusy { get; set; }

    /// <summary>True while <c>AT+CFUN=0</c> has released the card.</summary>
    public bool IsReleased { get; set; }

    /// <summary>True after ten wrong PUKs.</summary>
    public bool IsDead { get; set; }

    /// <summary>True when the card asks for its PIN at each power-on.</summary>
    public bool IsPinEnabled { get; set; }

    /// <summary>The PIN.</summary>
    public string Pin { get; set; } = "1234";

    /// <summary>The PUK.</summary>
    public string Puk { get; set; } = "12345678";

    /// <summary>Wrong PINs that are still allowed.</summary>
    public int PinTriesLeft { get; set; } = PinTries;

    /// <summary>Wrong PUKs that are still allowed.</summary>
    public int PukTriesLeft { get; set; } = PukTries;

    /// <summary>Wrong second PINs that are still allowed; 0 in the manual's example of <c>AT+SPIC</c>.</summary>
    public int Pin2TriesLeft { get; set; }

    /// <summary>Wrong second PUKs that are still allowed.</summary>
    public int Puk2TriesLeft { get; set; } = PukTries;

    /// <summary>The service provider's name on the card (EF_SPN).</summary>
    public string ServiceProvider { get; set; } = "Test Network";

    /// <summary>Call barring and other facilities of <c>AT+CLCK</c> that are on.</summary>
    public HashSet<string> Facilities { get; } = [];

    /// <summary>The password of call barring, which the network keeps.</summary>
    public string BarringPassword { get; set; } = "0000";

    /// <summary>True when commands that need the card work.</summary>
    public bool IsUsable => State == SimState.Ready && !IsBusy && !IsReleased && !IsDead;

    /// <summary>True for text that can be a PIN: four to eight digits.</summary>
    public static bool IsCode(string text) => text.Length is >= 4 and <= 8 && text.All(char.IsAsciiDigit);

    /// <summary>Takes the power from the card: it asks for its PIN when it gets it back.</summary>
    public void PowerCycle()
    {
        if (IsPinEnabled && State == SimState.Ready)
        {
            State = SimState.Pin;
        }
    }

    /// <summary>Checks a PIN and counts.</summary>
    public bool TryPin(string pin)
    {
        if (pin == Pin)
        {
            PinTriesLeft = PinTries;
            State = SimState.Ready;
            return true;
        }

        if (--PinTriesLeft <= 0)
        {
            PinTriesLeft = 0;
            State = SimState.Puk;
        }

        return false;
    }

    /// <summary>Checks a PUK and counts; the right one sets a new PIN, which the card then asks for.</summary>
    public bool TryPuk(string puk, string newPin)
    {
        if (puk == Puk)
        {
            Pin = newPin;
            PinTriesLeft = PinTries;
            PukTriesLeft = PukTries;
            State = SimState.Ready;
            IsPinEnabled = true;
            return true;
        }

        if (--PukTriesLeft <= 0)
        {
            PukTriesLeft = 0;
            IsDead = true;
        }

        return false;
    }
}
