using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Consultations;

/// <summary>A note as a window sends it.</summary>
/// <param name="Text">At most <see cref="EncounterNote.MaxLength"/> characters.</param>
/// <param name="Version">Of the note that the text was written on: <see cref="ConsultationView.NoteVersion"/> or the last <see cref="SaveNoteOutcome.Saved"/>.</param>
/// <param name="Problem">A code of <see cref="ProblemList"/>; null if it is not coded.</param>
/// <param name="Outcome">Null if it is not said.</param>
public sealed record NoteDraft(string Text, int Version, string? Problem = null, EncounterOutcome? Outcome = null)
{
    /// <summary>Which window it comes from.</summary>
    public DraftSource? Source { get; init; }
}

/// <summary>
/// Which save of which window this is. A window whose last save arrived, but whose answer was lost with the server or the network, still has the old version: it may save on, because nobody else
/// wrote meanwhile. A save of its own that arrives late may not.
/// </summary>
/// <param name="Window">Given with the form.</param>
/// <param name="Number">Rises with each save of the window.</param>
public readonly record struct DraftSource(Guid Window, int Number);

/// <summary>What several windows may write at once, without one of them overwriting the other.</summary>
public abstract class SharedDraft : IVersioned
{
    /// <summary>The window that saved last; null if it did not say.</summary>
    public Guid? Window { get; private set; }

    /// <summary>Of that window's saves, the last.</summary>
    public int WindowNumber { get; private set; }

    public DateTimeOffset SavedAt { get; private set; }

    public int Version { get; private set; }

    /// <summary>Whether a text that was written on this version goes on from what is stored.</summary>
    public bool Continues(int version, DraftSource? source) => version == Version || (source is { } from && from.Window == Window && from.Number > WindowNumber);

    protected void Saved(DraftSource? source, DateTimeOffset now)
    {
        (Window, WindowNumber) = (source?.Window, source?.Number ?? 0);
        SavedAt = now;
    }
}
