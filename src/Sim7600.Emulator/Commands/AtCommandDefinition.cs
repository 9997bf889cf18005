namespace Sim7600.Emulator.Commands;

/// <summary>
/// One AT command, declared once: its forms, its parameters and what each form does. The test form's answer, the range
/// checks and the list of commands come from this declaration.
/// </summary>
internal sealed class AtCommandDefinition
{
    private readonly List<AtWriteShape> _writes = [];

    /// <summary>Declares a command.</summary>
    /// <param name="name">The name in capitals without <c>AT</c>.</param>
    /// <param name="family">The family whose file declares it.</param>
    public AtCommandDefinition(string name, string family)
    {
        Name = name;
        Family = family;
    }

    /// <summary>The name in capitals without <c>AT</c>.</summary>
    public string Name { get; }

    /// <summary>The family whose file declares it.</summary>
    public string Family { get; }

    /// <summary>What the bare name does, or null when there is no such form.</summary>
    public Action<CommandRun>? OnExecute { get; private set; }

    /// <summary>What <c>?</c> does, or null when there is no such form.</summary>
    public Action<CommandRun>? OnRead { get; private set; }

    /// <summary>The shapes of <c>=…</c>, in the order in which they are tried by their number of parameters.</summary>
    public IReadOnlyList<AtWriteShape> Writes => _writes;

    /// <summary>Lines that <c>=?</c> shows instead of the declared ranges.</summary>
    public IReadOnlyList<string>? TestLines { get; private set; }

    /// <summary>What <c>=?</c> does when its answer is no fixed text, such as a search; null for the declared one.</summary>
    public Action<CommandRun>? OnTest { get; private set; }

    /// <summary>Where the lines of <c>=?</c> come from when they depend on the modem's state.</summary>
    public Func<IEnumerable<string>>? TestSource { get; private set; }

    /// <summary>How a parameter fault is answered; null is a bare <c>ERROR</c>.</summary>
    public Action<CommandRun, ArgumentFault>? OnFault { get; private set; }

    /// <summary>True when the command needs a usable SIM; without one it answers with the SIM's CME error.</summary>
    public bool NeedsSim { get; private set; }

    /// <summary>The first parameter of <c>=…</c> that is secret, from 0; it and all behind it are shown to nobody. Null when none is.</summary>
    public int? HiddenFrom { get; private set; }

    /// <summary>Says by the first parameter when the others are no secret after all; null when they always are.</summary>
    public Func<string, bool>? IsHarmless { get; private set; }

    /// <summary>The first value of an information line that is secret, from 0; null when none is.</summary>
    public int? HiddenInAnswer { get; private set; }

    /// <summary>True when the data that the command takes or shows is secret.</summary>
    public bool HidesData { get; private set; }

    /// <summary>Where the command is described, or which real sessions show it.</summary>
    public string Source { get; private set; } = "";

    /// <summary>How sure what it answers is.</summary>
    public Evidence Evidence { get; private set; } = Evidence.Inferred;

    /// <summary>Declares where the facts come from and how sure they are; the coverage table in docs/ shows both.</summary>
    /// <param name="source">A manual's chapter, or what kind of log shows it.</param>
    /// <param name="evidence">How sure it is.</param>
    public AtCommandDefinition From(string source, Evidence evidence)
    {
        Source = source;
        Evidence = evidence;
        return this;
    }

    /// <summary>Declares the bare form.</summary>
    public AtCommandDefinition Execute(Action<CommandRun> run)
    {
        OnExecute = run;
        return this;
    }

    /// <summary>Declares the read form.</summary>
    public AtCommandDefinition Read(Action<CommandRun> run)
    {
        OnRead = run;
        return this;
    }

    /// <summary>Declares a shape of the write form.</summary>
    public AtCommandDefinition Write(Action<CommandRun> run, params AtParameterDefinition[] parameters)
    {
        _writes.Add(new AtWriteShape(parameters, run));
        return this;
    }

    /// <summary>Declares lines that <c>=?</c> shows instead of the ranges; none at all gives a bare <c>OK</c>.</summary>
    public AtCommandDefinition Test(params string[] lines)
    {
        TestLines = lines;
        return this;
    }

    /// <summary>Declares a test form that does something.</summary>
    /// <param name="run">Answers it.</param>
    /// <param name="shape">What the answer looks like, for readers.</param>
    public AtCommandDefinition Test(Action<CommandRun> run, string shape)
    {
        OnTest = run;
        TestLines = [shape];
        return this;
    }

    /// <summary>Declares lines of <c>=?</c> that depend on the modem's state.</summary>
    public AtCommandDefinition Test(Func<IEnumerable<string>> lines)
    {
        TestSource = lines;
        return this;
    }

    /// <summary>Declares how a parameter fault is answered.</summary>
    public AtCommandDefinition Faults(Action<CommandRun, ArgumentFault> answer)
    {
        OnFault = answer;
        return this;
    }

    /// <summary>Declares that the command needs a SIM that is ready.</summary>
    public AtCommandDefinition RequiresSim()
    {
        NeedsSim = true;
        return this;
    }

    /// <summary>Declares what must never be shown in a timeline.</summary>
    /// <param name="from">The first secret parameter, from 0.</param>
    /// <param name="unless">Says by the first parameter when the others are no secret.</param>
    /// <param name="inAnswer">The first secret value of an information line, from 0; null when it shows none.</param>
    public AtCommandDefinition Hides(int from, Func<string, bool>? unless = null, int? inAnswer = null)
    {
        HiddenFrom = from;
        IsHarmless = unless;
        HiddenInAnswer = inAnswer;
        return this;
    }

    /// <summary>Declares that the data behind the prompt, or below the information line, must never be shown in a timeline.</summary>
    public AtCommandDefinition WithSecretData()
    {
        HidesData = true;
        return this;
    }

    /// <summary>What <c>=?</c> answers before <c>OK</c>.</summary>
    public IEnumerable<string> TestAnswer()
    {
        if (TestSource is not null)
        {
            return TestSource();
        }

        if (TestLines is not null)
        {
            return TestLines;
        }

        AtWriteShape? longest = _writes.MaxBy(write => write.Parameters.Count);
        return longest is null ? []
            : [$"{Name}: {string.Join(',', longest.Parameters.Select(parameter => parameter.RangeText).Where(text => text.Length > 0))}"];
    }
}
