using Telemedicine.Clinical.Carers;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Carers;

/// <summary>Carers, and what they may do, in words.</summary>
public static class CarerWording
{
    /// <summary>Each right, as it is chosen and as it is read.</summary>
    public static readonly IReadOnlyList<(CarerRights Right, string Text, string Hint)> All =
    [
        (CarerRights.SeeAppointments, "See appointments", "All of them, coming and past, but not what they are about or what a clinician wrote."),
        (CarerRights.ChangeAppointments, "Book and change appointments", "Book, move and cancel, and join a waiting list. They see the appointments that can still be changed."),
        (CarerRights.JoinConsultations, "Join video calls", "Be in the call, with their own name. They see the video appointments that can still be joined."),
    ];

    public static readonly IReadOnlyList<(Relationship Relationship, string Text)> Relationships =
    [
        (Relationship.Partner, "Partner, wife or husband"),
        (Relationship.Parent, "Parent or guardian"),
        (Relationship.Child, "Son or daughter"),
        (Relationship.OtherRelative, "Other relative"),
        (Relationship.Friend, "Friend or neighbour"),
        (Relationship.PaidCarer, "Carer whose job it is"),
    ];

    public static IEnumerable<string> Words(this CarerRights rights) => All.Where(row => rights.HasFlag(row.Right)).Select(row => row.Text);

    public static string Word(this Relationship relationship) => Relationships.Single(row => row.Relationship == relationship).Text;

    public static (string Text, string Colour) Tag(this CarerState state) => state switch
    {
        CarerState.Active => ("May act", "green"),
        CarerState.Invited => ("Invited", "blue"),
        CarerState.NotAnswered => ("Did not answer", "grey"),
        CarerState.Declined => ("Said no", "grey"),
        CarerState.Withdrawn => ("Ended", "grey"),
        CarerState.Expired => ("Time is over", "grey"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of a carer."),
    };

    /// <summary>What a carer did, for the patient.</summary>
    public static string Told(this CarerAct act)
    {
        var text = act.Action switch
        {
            "appointment.book" => "booked an appointment",
            "appointment.book-series" => "booked appointments every few weeks",
            "appointment.move" => "moved an appointment",
            "appointment.cancel" => "cancelled an appointment",
            "appointment.switch-channel" => "changed how an appointment is held",
            "consultation.join" => "opened the video call",
            "waiting-list.join" => "joined a waiting list",
            "waiting-list.leave" => "left a waiting list",
            "waiting-list.accept" => "took a time from the waiting list",
            "waiting-list.decline" => "did not take a time from the waiting list",
            "carer.accept" => "said yes to your invitation",
            "carer.decline" => "said no to your invitation",
            "carer.withdraw" => "stopped acting for you",
            "carer.see" => "looked at your appointments",
            _ => act.Action.Replace('.', ' ').Replace('-', ' '),
        };
        return act.Start is { } start ? $"{text}, now on {start.DayAndTime()}" : text;
    }
}
