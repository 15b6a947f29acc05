using Microsoft.AspNetCore.Mvc.ModelBinding;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Web.Pages.Arriving;

/// <summary>The steps before the waiting room, in their order.</summary>
public static class ArrivingSteps
{
    public const string Who = "who";
    public const string Consent = "consent";
    public const string Place = "place";
}

/// <summary>Three short steps before the waiting room: who you are, that you agree, where you are. Patients, carers and guests meet the same, each under addresses of their own.</summary>
public sealed class ArrivingForm
{
    public bool Agree { get; set; }

    /// <summary>Who is with the person; empty for nobody.</summary>
    public string? Companions { get; set; }

    public string? Place { get; set; }

    public string? Phone { get; set; }

    [BindNever]
    public string Step { get; private set; } = ArrivingSteps.Who;

    /// <summary>Whom the person is shown to be, and what they are there for.</summary>
    [BindNever]
    public ArrivingFacts? Facts { get; private set; }

    [BindNever]
    public bool SaysPlace { get; private set; }

    public int Number => Step switch { ArrivingSteps.Who => 1, ArrivingSteps.Consent => 2, _ => 3 };

    public int Steps => SaysPlace ? 3 : 2;

    public string Heading => Step switch
    {
        ArrivingSteps.Who => "Is this you?",
        ArrivingSteps.Consent => "Your consultation by video",
        _ => "Where are you now?",
    };

    public void Show(string step, MyArrival arrival, ArrivingFacts facts) => (Step, Facts, SaysPlace) = (step, facts, arrival.SaysPlace);

    /// <summary>What was said before, so that nobody says it twice.</summary>
    public void Remember(MyArrival arrival) =>
        (Agree, Companions, Place, Phone) = (arrival.HasAgreed, arrival.Companions, arrival.Place, arrival.CallBack ?? arrival.Phone);

    /// <summary>Keeps what a step says.</summary>
    /// <returns>The step that follows; empty when there is none; null when the form is wrong and says how.</returns>
    public async Task<string?> KeepAsync(ArrivalService arrivals, Actor actor, AppointmentId id, ModelStateDictionary state, CancellationToken cancellationToken)
    {
        if (Step == ArrivingSteps.Who)
            return ArrivingSteps.Consent;
        if (Step == ArrivingSteps.Consent && !Agree)
        {
            state.AddModelError("Form.Agree", "Tick the box if you agree. If you do not want a consultation by video, phone the practice");
            return null;
        }
        var outcome = Step == ArrivingSteps.Consent
            ? await arrivals.AgreeAsync(actor, id, Companions, cancellationToken)
            : await arrivals.SayAsync(actor, id, Place, Phone, cancellationToken);
        switch (outcome)
        {
            case ArriveOutcome.Kept:
                return Step == ArrivingSteps.Consent && SaysPlace ? ArrivingSteps.Place : "";
            case ArriveOutcome.TooLong:
                state.AddModelError(Step == ArrivingSteps.Consent ? "Form.Companions" : "Form.Place", $"This must be {Arrival.TextLength} characters or fewer");
                return null;
            case ArriveOutcome.PlaceMissing:
                state.AddModelError("Form.Place", "Enter where you are");
                return null;
            case ArriveOutcome.NoPhone:
                state.AddModelError("Form.Phone", "Enter a phone number, like 07700 900123");
                return null;
            default:
                return ArrivingSteps.Consent;
        }
    }
}

/// <param name="Born">Null for who is not the patient.</param>
public sealed record ArrivingFacts(string Name, DateOnly? Born, string What, string PractitionerName, DateTimeOffset Start, string PracticeName, string? PracticePhone);
