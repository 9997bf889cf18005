namespace Sim7600.Driver;

/// <summary>What a missing answer looked like on the line. Each value has its own advice; <c>docs/timeouts.md</c> explains them.</summary>
public enum AtSymptom
{
    /// <summary>Not one byte came.</summary>
    Silence,

    /// <summary>What was sent came back and nothing else.</summary>
    EchoOnly,

    /// <summary>What came is no text: a wrong line speed, or noise.</summary>
    Garbage,

    /// <summary>The prompt (<c>&gt;</c>) for the data did not come.</summary>
    PromptMissing,

    /// <summary>The data was sent and neither <c>OK</c> nor <c>ERROR</c> came.</summary>
    DataUnanswered,

    /// <summary>The final result came, the result line of the network did not.</summary>
    ResultLineMissing,

    /// <summary>The result line came, the final result did not.</summary>
    FinalResultMissing,

    /// <summary>A part of the answer came and no end.</summary>
    AnswerCutShort,

    /// <summary>Lines came, none of which belongs to the answer.</summary>
    OtherLines,

    /// <summary>Lines of a boot came (<c>RDY</c>, <c>SMS DONE</c>, <c>PB DONE</c>).</summary>
    ModemStarting,

    /// <summary>The line did not take the bytes, so that the modem never had them all.</summary>
    LineBlocked,
}
